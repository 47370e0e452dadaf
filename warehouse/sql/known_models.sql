-- Which models have given labels here or were named by the configuration? The model that counts comes last. Second
-- models have asked_with.
SELECT model_version, max(rank) AS rank, bool_or(has_answered) AS has_answered,
    any_value(asked_with) AS asked_with
FROM (
    SELECT model_version, rank, true AS has_answered, asked_with FROM model
    UNION ALL SELECT model_version, rank, false, NULL FROM reading
)
GROUP BY model_version
ORDER BY max(rank), model_version;
