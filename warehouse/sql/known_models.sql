-- Which models have given labels here or were named by the configuration, the one that counts last?
SELECT model_version, max(rank) AS rank, bool_or(has_answered) AS has_answered
FROM (
    SELECT model_version, rank, true AS has_answered FROM model
    UNION ALL SELECT model_version, rank, false FROM reading
)
GROUP BY model_version
ORDER BY max(rank), model_version;
