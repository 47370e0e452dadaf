-- How does the balance of stated sides on each target change from month to month? balance is empty if fewer than 5
-- articles state a side in the month; few means that fewer than 5 articles speak about the target in the month.
-- Articles without a date are left out.
-- Empty: no article that speaks about a target has a date.
SELECT
    target,
    month,
    count(*) AS articles,
    count(*) FILTER (stance = 'favor') AS favor,
    count(*) FILTER (stance = 'against') AS against,
    count(*) FILTER (stance = 'neutral') AS neutral,
    count(*) FILTER (stance = 'unsure') AS unsure,
    balance_of(favor, against) AS balance,
    count(*) < 5 AS few
FROM current_stance WHERE published_at IS NOT NULL GROUP BY target, month ORDER BY target, month
