-- Which stances differ between the best-ranked model and the model before it?
-- Empty: only one model has answered, or both models give the same answers.
WITH ranked AS (SELECT model_version, row_number() OVER (ORDER BY rank DESC, model_version DESC) AS place FROM model)
SELECT a.target, b.stance AS before, a.stance AS after, count(*) AS articles
FROM stance a JOIN stance b USING (article_id, revision, target, statement_hash)
WHERE a.model_version = (SELECT model_version FROM ranked WHERE place = 1)
    AND b.model_version = (SELECT model_version FROM ranked WHERE place = 2)
    AND a.stance <> b.stance
GROUP BY ALL ORDER BY articles DESC, a.target
