-- How many items of run $run_id ended in each outcome, and is that outcome a failure?
SELECT outcome, count(*) AS n, has_failed(outcome) AS has_failed
FROM outcome WHERE run_id = $run_id
GROUP BY outcome ORDER BY n DESC, outcome
