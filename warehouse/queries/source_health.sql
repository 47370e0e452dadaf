-- How does each source do? What it brought and failed in all, in the last seven nights (oldest first), and when it last had news.
WITH night AS (
    SELECT run_id, min(decided_at) AS began FROM outcome GROUP BY run_id ORDER BY began DESC LIMIT 7
), brought AS (
    SELECT source, run_id, count(*) FILTER (outcome IN ('loaded', 'revised')) AS loaded
    FROM outcome SEMI JOIN night USING (run_id)
    GROUP BY ALL
), lately AS (
    SELECT source, list(coalesce(loaded, 0) ORDER BY began) AS last_nights
    FROM (SELECT DISTINCT source FROM outcome) CROSS JOIN night LEFT JOIN brought USING (source, run_id)
    GROUP BY source
)
SELECT
    source,
    max(decided_at) AS last_seen,
    max(decided_at) FILTER (outcome IN ('loaded', 'revised')) AS last_new,
    count(*) FILTER (outcome IN ('loaded', 'revised')) AS brought,
    count(*) FILTER (outcome IN ('fetch_failed', 'extract_failed')) AS failed,
    any_value(last_nights) AS last_nights
FROM outcome JOIN lately USING (source) GROUP BY source ORDER BY last_new NULLS FIRST, source
