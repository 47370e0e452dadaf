-- On which targets is opinion most divided?
SELECT
    target,
    count(*) AS articles,
    round(1 - abs(count(*) FILTER (stance = 'favor') - count(*) FILTER (stance = 'against'))
        / nullif(count(*) FILTER (stance <> 'neutral'), 0), 3) AS division
FROM current_stance GROUP BY target ORDER BY division DESC NULLS LAST, target
