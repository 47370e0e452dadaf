-- How does the balance of opinion on each target move from month to month?
SELECT
    target,
    month,
    sum(t.articles)::BIGINT AS articles,
    round(sum(t.articles * if(stance = 'favor', 1, if(stance = 'against', -1, 0))) / sum(t.articles), 3) AS balance
FROM stance_total t WHERE about GROUP BY target, month ORDER BY target, month
