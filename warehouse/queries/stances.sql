-- Where do the articles stand on each target?
SELECT
    target,
    any_value(target.statement) AS statement,
    sum(favor)::BIGINT AS favor,
    sum(against)::BIGINT AS against,
    sum(neutral)::BIGINT AS neutral,
    sum(unsure)::BIGINT AS unsure
FROM outlet_balance JOIN target USING (target)
WHERE target.is_current
GROUP BY target ORDER BY sum(articles) DESC, target
