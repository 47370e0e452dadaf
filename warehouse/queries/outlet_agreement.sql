-- Which outlets agree with each other? The mean distance of their balances over the targets both write about.
SELECT a.outlet, b.outlet AS other, count(*) AS targets, round(avg(abs(a.balance - b.balance)), 3) AS distance
FROM outlet_balance a JOIN outlet_balance b ON a.target = b.target AND a.outlet < b.outlet
WHERE a.outlet <> '(unknown)' AND b.outlet <> '(unknown)'
GROUP BY ALL ORDER BY distance, a.outlet, other
