-- How did each source do in its latest run, and when did it last bring something new?
SELECT
    source,
    max(decided_at) AS last_seen,
    max(decided_at) FILTER (outcome IN ('loaded', 'revised')) AS last_new,
    count(*) FILTER (outcome IN ('loaded', 'revised')) AS brought,
    count(*) FILTER (outcome IN ('fetch_failed', 'extract_failed')) AS failed
FROM outcome GROUP BY source ORDER BY last_new NULLS FIRST, source
