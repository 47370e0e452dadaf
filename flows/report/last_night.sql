-- When was the last night, and which outcomes did its items have?
WITH last_night AS (
    SELECT run_id FROM commit_log WHERE flow = 'nightly' GROUP BY run_id ORDER BY max(sequence) DESC LIMIT 1
), ended AS (
    SELECT outcome, count(*) AS n FROM outcome SEMI JOIN last_night USING (run_id) GROUP BY outcome
)
SELECT
    run_id,
    (SELECT min(started_at) FROM commit_log SEMI JOIN last_night USING (run_id)) AS began,
    (SELECT list({'outcome': outcome, 'n': n} ORDER BY n DESC, outcome) FROM ended) AS outcomes
FROM last_night
