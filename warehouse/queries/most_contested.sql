-- On which targets are opinions most divided, counting only stated sides? division is 1 if as many articles are for as
-- against; it is empty if fewer than 5 articles state a side.
SELECT
    target,
    sum(o.articles)::BIGINT AS articles,
    sum(o.favor + o.against)::BIGINT AS articles_on_a_side,
    round(1 - abs(balance_of(sum(o.favor), sum(o.against))), 3) AS division
FROM outlet_balance o GROUP BY target ORDER BY division DESC NULLS LAST, target
