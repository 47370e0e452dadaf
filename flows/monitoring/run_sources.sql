-- How much did each source bring in a run and in the nights before it, and when did it last bring a new item?
WITH nights AS (  -- in the order of their commits
    SELECT run_id, row_number() OVER (ORDER BY max(sequence) DESC) AS nights_ago
    FROM commit_log SEMI JOIN outcome USING (run_id)
    WHERE sequence <= (SELECT max(sequence) FROM commit_log WHERE run_id = $run_id)
    GROUP BY run_id
    QUALIFY nights_ago <= 7
),
brought AS (
    SELECT
        source,
        run_id,
        count(*) AS items,
        count(*) FILTER (outcome IN ('loaded', 'revised')) AS loaded,
        count(*) FILTER (outcome IN ('fetch_failed', 'extract_failed', 'rejected')) AS failed
    FROM outcome SEMI JOIN nights USING (run_id)
    GROUP BY source, run_id
),
history AS (
    SELECT tonight.source, list(brought.loaded ORDER BY nights.nights_ago DESC) AS last_nights
    FROM brought AS tonight
    CROSS JOIN nights
    LEFT JOIN brought ON brought.run_id = nights.run_id AND brought.source = tonight.source
    WHERE tonight.run_id = $run_id
    GROUP BY tonight.source
)
SELECT
    brought.source,
    brought.items,
    brought.loaded,
    brought.failed,
    history.last_nights,
    (
        SELECT arg_max(discovered_at, sequence)
        FROM item JOIN (SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id) USING (run_id)
        WHERE item.source = brought.source
    ) AS newest
FROM brought JOIN history USING (source)
WHERE brought.run_id = $run_id
ORDER BY brought.source;
