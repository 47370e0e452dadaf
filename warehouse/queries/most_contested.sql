-- On which targets is opinion most divided?
SELECT
    target,
    sum(o.articles)::BIGINT AS articles,
    round(1 - abs(sum(favor) - sum(against)) / nullif(sum(favor) + sum(against), 0), 3) AS division
FROM outlet_balance o GROUP BY target ORDER BY division DESC NULLS LAST, target
