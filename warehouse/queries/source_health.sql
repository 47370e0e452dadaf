-- How does each source perform? New articles and failed attempts in all (an item that failed in several nights counts once
-- for each), new articles in each of the last seven nights (oldest first), and when the last new article came. An article
-- whose text has changed is not new.
WITH known_run AS (  -- in the order of the commits, because clocks may be wrong
    SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id
), night AS (  -- also one in which no source had anything to take in
    SELECT run_id, nights_ago FROM nights() WHERE nights_ago <= 7
), brought AS (
    SELECT source, run_id, count(*) FILTER (outcome = 'loaded') AS loaded
    FROM outcome SEMI JOIN night USING (run_id)
    GROUP BY ALL
), lately AS (
    SELECT source, list(coalesce(loaded, 0) ORDER BY nights_ago DESC) AS last_nights
    FROM (SELECT DISTINCT source FROM outcome) CROSS JOIN night LEFT JOIN brought USING (source, run_id)
    GROUP BY source
)
SELECT
    source,
    arg_max(decided_at, (sequence, decided_at)) AS last_seen,
    arg_max(decided_at, (sequence, decided_at)) FILTER (outcome = 'loaded') AS last_new,
    count(*) FILTER (outcome = 'loaded') AS brought,
    count(*) FILTER (has_failed(outcome)) AS failed,
    any_value(last_nights) AS last_nights
FROM outcome JOIN known_run USING (run_id) JOIN lately USING (source)
GROUP BY source ORDER BY last_new NULLS FIRST, source
