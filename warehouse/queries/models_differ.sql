-- Which answers of other models, including models that are only compared, differ from the answers that count?
-- Empty: only one model has answered, or the other models give the same answers.
SELECT m.name AS other, m.model_version AS other_version, b.target, a.stance AS counts, b.stance AS other_says, count(*) AS articles
FROM stance a
JOIN stance b USING (article_id, revision, target, statement_hash)
JOIN model m ON m.model_version = b.model_version
WHERE a.is_current AND a.model_version <> b.model_version AND a.stance <> b.stance AND (a.about OR b.about)
GROUP BY ALL ORDER BY articles DESC, other_version, b.target, counts, other_says
