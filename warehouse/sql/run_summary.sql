-- What became of everything that run $run_id took in?
SELECT outcome, count(*) AS n
FROM outcome WHERE run_id = $run_id
GROUP BY outcome ORDER BY n DESC, outcome
