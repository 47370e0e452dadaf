-- How many items ended in each outcome in each run? The latest run first, in the order of the commits.
SELECT run_id, outcome, count(*) AS n
FROM outcome JOIN (SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id) USING (run_id)
GROUP BY run_id, sequence, outcome ORDER BY sequence DESC, n DESC, outcome
