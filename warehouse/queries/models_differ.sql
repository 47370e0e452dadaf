-- Which answers of other models, including models that are only compared, differ from the answers that count? An answer
-- is not_about if the article does not speak about the target.
-- Empty: only one model has answered, or the other models give the same answers.
WITH given AS (
    SELECT * REPLACE (CASE WHEN about THEN stance ELSE 'not_about' END AS stance) FROM stance
)
SELECT m.name AS other, m.model_version AS other_version, b.target, a.stance AS counts, b.stance AS other_says, count(*) AS articles
FROM given a
JOIN given b USING (article_id, revision, target, statement_hash)
JOIN model m ON m.model_version = b.model_version
WHERE a.is_current AND a.model_version <> b.model_version AND a.stance <> b.stance
GROUP BY ALL ORDER BY articles DESC, other_version, b.target, counts, other_says
