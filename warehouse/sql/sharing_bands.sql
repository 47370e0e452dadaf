-- Which stored articles share bands with incoming ones (table wanted: key, article_id), those that share the most first?
-- A band that more than :most_sharing stored articles share is left out; for each incoming article at most
-- :most_candidates are named. For SQLite, in the tables of near_tables.sql.
WITH telling AS (
    SELECT * FROM wanted
    WHERE (
        SELECT count(*) FROM (SELECT 1 FROM band WHERE band.key = wanted.key LIMIT :most_sharing + 1)
    ) <= :most_sharing
), sharing AS (
    SELECT telling.article_id AS wanted_id, article.article_id, article.revision, count(*) AS shared, file.path
    FROM telling
    CROSS JOIN band ON band.key = telling.key
    CROSS JOIN article ON article.number = band.article
    JOIN file ON file.id = article.file
    WHERE article.article_id <> telling.article_id
    GROUP BY telling.article_id, article.article_id
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY wanted_id ORDER BY shared DESC, article_id) AS place FROM sharing
)
SELECT wanted_id, article_id, revision, shared, path
FROM ranked
WHERE place <= :most_candidates
ORDER BY wanted_id, place
