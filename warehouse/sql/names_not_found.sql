-- Which of these ids, URLs and outlets (tables ids, urls, outlets, each with a column name) does the warehouse not know?
-- Such a name leads a takedown to nothing. What has been taken down already is still known by its tombstone.
WITH known AS (
    SELECT article_id, url, outlet FROM article
    UNION ALL SELECT article_id, url, outlet FROM item
    UNION ALL SELECT article_id, url, outlet FROM duplicate
    UNION ALL SELECT article_id, url, NULL FROM tombstone
    UNION ALL SELECT article_id, url, NULL FROM outcome WHERE article_id IS NOT NULL
    UNION ALL SELECT left(sha256(url), 32), url, NULL FROM behind_redirects()
)
SELECT name FROM ids WHERE name NOT IN (SELECT article_id FROM known)
UNION
SELECT name
FROM urls
WHERE name NOT IN (SELECT url FROM known WHERE url IS NOT NULL)
    AND left(sha256(name), 32) NOT IN (SELECT article_id FROM outcome WHERE article_id IS NOT NULL)
UNION
SELECT name FROM outlets WHERE name NOT IN (SELECT outlet FROM known WHERE outlet IS NOT NULL)
ORDER BY name
