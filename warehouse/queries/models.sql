-- Which models have scored how much, and how much of it counts today? Those with the same weights share raw scores.
SELECT m.model_version, m.weights_version, m.rank, m.first_used_at, count(s.article_id) AS answers, count(*) FILTER (s.is_current) AS current
FROM model m LEFT JOIN scored s USING (model_version) GROUP BY ALL ORDER BY m.rank DESC
