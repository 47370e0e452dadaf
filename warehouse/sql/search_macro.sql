-- A full-text search over titles and texts: the latest revisions of the articles that have the words, the best match
-- first, with a score. Gives all of them, or the best with search(words, most := 100). Only in the command line and in
-- Python, because the published file does not have the index.
CREATE TEMP MACRO search(words, most := NULL) AS TABLE
SELECT hit.score, article.* EXCLUDE (is_current)
FROM (SELECT unnest(search_hits(words)) AS hit)
JOIN article ON article.article_id = hit.article_id AND article.revision = hit.revision AND article.is_current
ORDER BY hit.score DESC, hit.article_id
LIMIT coalesce(most, 1000000000)
