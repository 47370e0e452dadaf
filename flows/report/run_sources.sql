-- What did each source bring in a run, and when did it last bring something that had never been seen?
SELECT
    source,
    count(*) AS items,
    count(*) FILTER (outcome IN ('loaded', 'revised')) AS loaded,
    count(*) FILTER (outcome IN ('fetch_failed', 'extract_failed', 'rejected')) AS failed,
    (SELECT max(discovered_at) FROM item WHERE item.source = outcome.source) AS newest
FROM outcome
WHERE run_id = $run_id
GROUP BY source
ORDER BY source;
