-- Of how many articles would a new target be asked?
SELECT count(*) AS articles FROM article WHERE is_current AND article_id NOT IN (SELECT article_id FROM duplicate)
