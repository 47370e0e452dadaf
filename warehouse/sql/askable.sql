-- How many articles would a new target be asked about?
SELECT count(*) AS articles FROM article WHERE is_current AND article_id NOT IN (SELECT article_id FROM duplicate)
