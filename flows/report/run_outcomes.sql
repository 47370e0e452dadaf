-- How many of what a run took in had which outcome?
SELECT outcome, count(*) AS items
FROM outcome
WHERE run_id = $run_id
GROUP BY outcome
ORDER BY items DESC, outcome;
