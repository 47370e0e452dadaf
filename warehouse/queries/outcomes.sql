-- What became of everything ever taken in, counting the latest outcome of each URL?
SELECT outcome, count(*) AS n
FROM (SELECT url, arg_max(outcome, decided_at) AS outcome FROM outcome GROUP BY url)
GROUP BY outcome ORDER BY n DESC
