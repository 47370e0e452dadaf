-- Which models answered, and whose answers counted?
SELECT model.name, model.model_version, model.weights_version, model.taxonomy, model.rank, model.is_current AS is_named,
    model.first_used_at, count(scored.article_id) AS answers, count(*) FILTER (scored.is_current) AS count_now
FROM model LEFT JOIN scored USING (model_version)
GROUP BY ALL
ORDER BY model.rank DESC, model.first_used_at, model.model_version
