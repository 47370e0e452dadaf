-- Which outlets agree with each other? distance is the mean distance of their balances over the targets on which both
-- have a balance, that is at least 5 articles that state a side.
-- Empty: there is no target on which two outlets each have at least 5 articles that state a side.
SELECT a.outlet, b.outlet AS other, count(*) AS targets, round(avg(abs(a.balance - b.balance)), 3) AS distance
FROM outlet_balance a JOIN outlet_balance b ON a.target = b.target AND a.outlet < b.outlet
WHERE a.outlet <> '(unknown)' AND b.outlet <> '(unknown)' AND a.balance IS NOT NULL AND b.balance IS NOT NULL
GROUP BY ALL ORDER BY distance, a.outlet, other
