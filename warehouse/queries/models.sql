-- How many answers has each model given, and how many of them count? Models with the same weights share raw scores; the
-- answers of a model of rank 0 are only compared.
SELECT m.name, m.model_version, m.is_current AS is_named, m.rank, m.weights_version, m.first_used_at, count(s.article_id) AS answers,
    count(*) FILTER (s.is_current) AS current
FROM model m LEFT JOIN scored s USING (model_version) GROUP BY ALL ORDER BY m.rank DESC, m.first_used_at DESC, m.model_version
