-- Where do the stored articles that speak about a target stand?
SELECT
    target.target,
    target.statement,
    count(*) FILTER (WHERE stance.stance = 'favor') AS favor,
    count(*) FILTER (WHERE stance.stance = 'against') AS against,
    count(*) FILTER (WHERE stance.stance = 'neutral') AS neutral
FROM target
LEFT JOIN stance ON stance.target = target.target AND stance.is_current AND stance.about
WHERE target.is_current AND target.active
GROUP BY target.target, target.statement
ORDER BY favor + against + neutral DESC, target.target;
