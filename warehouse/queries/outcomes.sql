-- How many items ended in each outcome, counting the latest outcome of each URL?
SELECT outcome, count(*) AS n
FROM (
    SELECT url, arg_max(outcome, sequence) AS outcome
    FROM outcome JOIN (SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id) USING (run_id)
    GROUP BY url
)
GROUP BY outcome ORDER BY n DESC, outcome
