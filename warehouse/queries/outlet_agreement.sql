-- Which outlets agree with each other? The mean distance of their balances over the targets both write about.
WITH position AS (
    SELECT
        outlet,
        target,
        (count(*) FILTER (stance = 'favor') - count(*) FILTER (stance = 'against')) / count(*) AS balance
    FROM current_stance WHERE outlet IS NOT NULL GROUP BY outlet, target
)
SELECT a.outlet, b.outlet AS other, count(*) AS targets, round(avg(abs(a.balance - b.balance)), 3) AS distance
FROM position a JOIN position b ON a.target = b.target AND a.outlet < b.outlet
GROUP BY ALL ORDER BY distance, a.outlet, other
