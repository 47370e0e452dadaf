-- Which stances do the stored articles take that speak about a target?
SELECT
    target.target,
    target.statement,
    coalesce(sum(t.articles) FILTER (t.stance = 'favor'), 0)::BIGINT AS favor,
    coalesce(sum(t.articles) FILTER (t.stance = 'against'), 0)::BIGINT AS against,
    coalesce(sum(t.articles) FILTER (t.stance = 'neutral'), 0)::BIGINT AS neutral,
    coalesce(sum(t.articles) FILTER (t.stance = 'unsure'), 0)::BIGINT AS unsure
FROM target
LEFT JOIN stance_total t ON t.target = target.target AND t.about
WHERE target.is_current AND target.active
GROUP BY target.target, target.statement
ORDER BY favor + against + neutral + unsure DESC, target.target;
