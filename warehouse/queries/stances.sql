-- What are the stances of the articles on each target? Shares are of all articles that speak about it, with 95 %
-- intervals; no share is given for fewer than 5 articles. Targets that no article speaks about are left out.
SELECT
    target,
    any_value(statement) AS statement,
    count(*) AS articles,
    count(*) FILTER (stance = 'favor') AS favor,
    count(*) FILTER (stance = 'against') AS against,
    count(*) FILTER (stance = 'neutral') AS neutral,
    count(*) FILTER (stance = 'unsure') AS unsure,
    share_of(count(*) FILTER (stance = 'favor'), count(*)) AS share_favor,
    share_low(count(*) FILTER (stance = 'favor'), count(*)) AS favor_low,
    share_high(count(*) FILTER (stance = 'favor'), count(*)) AS favor_high,
    share_of(count(*) FILTER (stance = 'against'), count(*)) AS share_against,
    share_low(count(*) FILTER (stance = 'against'), count(*)) AS against_low,
    share_high(count(*) FILTER (stance = 'against'), count(*)) AS against_high,
    share_of(count(*) FILTER (stance = 'neutral'), count(*)) AS share_neutral,
    share_low(count(*) FILTER (stance = 'neutral'), count(*)) AS neutral_low,
    share_high(count(*) FILTER (stance = 'neutral'), count(*)) AS neutral_high,
    share_of(count(*) FILTER (stance = 'unsure'), count(*)) AS share_unsure,
    share_low(count(*) FILTER (stance = 'unsure'), count(*)) AS unsure_low,
    share_high(count(*) FILTER (stance = 'unsure'), count(*)) AS unsure_high,
    count(*) < 5 AS few
FROM current_stance GROUP BY target ORDER BY articles DESC, target
