-- How does each source perform? Articles brought and failed attempts in all (an item that failed in several nights counts
-- once for each), articles brought in each of the last seven nights (oldest first), and when it last brought an article.
WITH known_run AS (  -- in the order of the commits, because clocks may be wrong
    SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id
), night AS (
    FROM known_run SEMI JOIN outcome USING (run_id) ORDER BY sequence DESC LIMIT 7
), brought AS (
    SELECT source, run_id, count(*) FILTER (outcome IN ('loaded', 'revised')) AS loaded
    FROM outcome SEMI JOIN night USING (run_id)
    GROUP BY ALL
), lately AS (
    SELECT source, list(coalesce(loaded, 0) ORDER BY sequence) AS last_nights
    FROM (SELECT DISTINCT source FROM outcome) CROSS JOIN night LEFT JOIN brought USING (source, run_id)
    GROUP BY source
)
SELECT
    source,
    arg_max(decided_at, (sequence, decided_at)) AS last_seen,
    arg_max(decided_at, (sequence, decided_at)) FILTER (outcome IN ('loaded', 'revised')) AS last_new,
    count(*) FILTER (outcome IN ('loaded', 'revised')) AS brought,
    count(*) FILTER (has_failed(outcome)) AS failed,
    any_value(last_nights) AS last_nights
FROM outcome JOIN known_run USING (run_id) JOIN lately USING (source)
GROUP BY source ORDER BY last_new NULLS FIRST, source
