-- Where do the articles stand on each target?
SELECT
    target,
    any_value(statement) AS statement,
    count(*) FILTER (stance = 'favor') AS favor,
    count(*) FILTER (stance = 'against') AS against,
    count(*) FILTER (stance = 'neutral') AS neutral
FROM current_stance GROUP BY target ORDER BY count(*) DESC, target
