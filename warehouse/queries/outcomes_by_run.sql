-- What became of everything each run took in?
SELECT run_id, outcome, count(*) AS n FROM outcome GROUP BY ALL ORDER BY run_id DESC, n DESC
