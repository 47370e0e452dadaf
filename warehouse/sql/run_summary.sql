-- How many items of run $run_id ended in each outcome?
SELECT outcome, count(*) AS n
FROM outcome WHERE run_id = $run_id
GROUP BY outcome ORDER BY n DESC, outcome
