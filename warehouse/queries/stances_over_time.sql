-- How does the balance of opinion on each target move from month to month?
SELECT
    target,
    month,
    count(*) AS articles,
    round((count(*) FILTER (stance = 'favor') - count(*) FILTER (stance = 'against')) / count(*), 3) AS balance
FROM current_stance GROUP BY target, month ORDER BY target, month
