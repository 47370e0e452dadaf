-- Which articles go by these ids, URLs or outlets (tables ids, urls, outlets, each with a column name)? What has a
-- tombstone already is left out.
WITH known AS (
    SELECT article_id, url, outlet FROM article
    UNION SELECT article_id, url, outlet FROM item
    UNION SELECT article_id, url, outlet FROM duplicate
)
SELECT article_id, any_value(url) AS url
FROM known
WHERE (article_id IN (SELECT name FROM ids) OR url IN (SELECT name FROM urls) OR outlet IN (SELECT name FROM outlets))
    AND article_id NOT IN (SELECT article_id FROM tombstone)
GROUP BY article_id
ORDER BY article_id
