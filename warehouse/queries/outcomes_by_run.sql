-- How many items ended in each outcome in each run?
SELECT run_id, outcome, count(*) AS n FROM outcome GROUP BY ALL ORDER BY run_id DESC, n DESC
