-- What is each outlet's stance on each target? balance counts stated sides only: 1 is all in favor, -1 all against; it
-- is empty if fewer than 5 articles state a side. net is the share in favor minus the share against, among all articles
-- that speak about the target, including unsure ones; it is empty for fewer than 5 articles (few).
SELECT
    target,
    coalesce(outlet, '(unknown)') AS outlet,
    count(*) AS articles,
    count(*) FILTER (stance = 'favor') AS favor,
    count(*) FILTER (stance = 'against') AS against,
    count(*) FILTER (stance = 'neutral') AS neutral,
    count(*) FILTER (stance = 'unsure') AS unsure,
    balance_of(favor, against) AS balance,
    share_of(favor - against, count(*)) AS net,
    share_low(favor, count(*)) AS favor_low,
    share_high(favor, count(*)) AS favor_high,
    share_low(against, count(*)) AS against_low,
    share_high(against, count(*)) AS against_high,
    count(*) < 5 AS few
FROM current_stance GROUP BY ALL ORDER BY target, balance DESC NULLS LAST, outlet
