-- On which targets are opinions most divided, counting only stated sides? division is 1 if as many articles are for as
-- against; few means that fewer than 5 articles state a side.
SELECT
    target,
    sum(o.articles)::BIGINT AS articles,
    sum(o.favor + o.against)::BIGINT AS articles_on_a_side,
    round(1 - abs(sum(favor) - sum(against)) / nullif(sum(favor) + sum(against), 0), 3) AS division,
    sum(o.favor + o.against) < 5 AS few
FROM outlet_balance o GROUP BY target ORDER BY division DESC NULLS LAST, target
