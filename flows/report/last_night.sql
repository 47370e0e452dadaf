-- When was the last night, which outcomes did its items have, and has it recorded no end?
WITH last_night AS (
    SELECT run_id FROM nights() WHERE nights_ago = 1
), ended AS (
    SELECT outcome, count(*) AS n FROM outcome SEMI JOIN last_night USING (run_id) GROUP BY outcome
)
SELECT
    run_id,
    (SELECT min(started_at) FROM commit_log SEMI JOIN last_night USING (run_id)) AS began,
    run_id IN (SELECT run_id FROM run WHERE finished_at IS NULL) AS is_unfinished,
    (SELECT list({'outcome': outcome, 'n': n} ORDER BY n DESC, outcome) FROM ended) AS outcomes
FROM last_night
