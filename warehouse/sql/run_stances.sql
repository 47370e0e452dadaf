-- Where do the articles that run $run_id scored stand on each target, counting those that speak about it?
SELECT
    target,
    count(*) FILTER (about AND stance = 'favor') AS favor,
    count(*) FILTER (about AND stance = 'against') AS against,
    count(*) FILTER (about AND stance = 'neutral') AS neutral,
    count(*) FILTER (NOT about) AS not_about
FROM stance WHERE run_id = $run_id
GROUP BY target ORDER BY target
