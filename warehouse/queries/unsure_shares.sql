-- On which targets is the model least sure? The share of unsure answers among all articles that speak about the target,
-- with its 95 % interval, the largest share first; both are empty for fewer than 5 articles.
SELECT
    target,
    count(*) AS articles,
    count(*) FILTER (stance = 'unsure') AS unsure,
    share_of(count(*) FILTER (stance = 'unsure'), count(*)) AS share_unsure,
    share_low(count(*) FILTER (stance = 'unsure'), count(*)) AS unsure_low,
    share_high(count(*) FILTER (stance = 'unsure'), count(*)) AS unsure_high,
    round(avg(certainty) FILTER (stance IN ('favor', 'against')), 3) AS mean_certainty_of_sides
FROM current_stance GROUP BY target ORDER BY share_unsure DESC NULLS LAST, target
