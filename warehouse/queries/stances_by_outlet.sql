-- Where does each outlet stand on each target? Balance: of stated sides, 1 all in favor, -1 all against. Net: share in favor less
-- share against of all articles that speak about it, the unsure among them; none of fewer than 5 (few).
SELECT
    target,
    coalesce(outlet, '(unknown)') AS outlet,
    count(*) AS articles,
    count(*) FILTER (stance = 'favor') AS favor,
    count(*) FILTER (stance = 'against') AS against,
    count(*) FILTER (stance = 'neutral') AS neutral,
    count(*) FILTER (stance = 'unsure') AS unsure,
    round((favor - against) / nullif(favor + against, 0), 4) AS balance,
    CASE WHEN count(*) >= 5 THEN round((favor - against) / count(*), 4) END AS net,
    share_low(favor, count(*)) AS favor_low,
    share_high(favor, count(*)) AS favor_high,
    share_low(against, count(*)) AS against_low,
    share_high(against, count(*)) AS against_high,
    count(*) < 5 AS few
FROM current_stance GROUP BY ALL ORDER BY target, balance DESC NULLS LAST, outlet
