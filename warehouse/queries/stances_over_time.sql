-- How does the balance of stated sides on each target change from month to month? few means fewer than 5 articles in
-- the month.
SELECT
    target,
    month,
    sum(t.articles)::BIGINT AS articles,
    coalesce(sum(t.articles) FILTER (stance = 'favor'), 0)::BIGINT AS favor,
    coalesce(sum(t.articles) FILTER (stance = 'against'), 0)::BIGINT AS against,
    coalesce(sum(t.articles) FILTER (stance = 'neutral'), 0)::BIGINT AS neutral,
    coalesce(sum(t.articles) FILTER (stance = 'unsure'), 0)::BIGINT AS unsure,
    round((favor - against) / nullif(favor + against, 0), 3) AS balance,
    sum(t.articles) < 5 AS few
FROM stance_total t WHERE about GROUP BY target, month ORDER BY target, month
