-- Which outlets moved on a target? Those whose share in favor, or against, has intervals before and after the target's
-- middle date that do not overlap.
-- Empty: no outlet with five articles before and five after the middle date has intervals that do not overlap.
WITH halved AS (
    SELECT
        *,
        quantile_disc(published_at, 0.5) OVER (PARTITION BY target) AS middle,
        published_at > quantile_disc(published_at, 0.5) OVER (PARTITION BY target) AS is_after
    FROM current_stance WHERE published_at IS NOT NULL AND outlet IS NOT NULL
), counted AS (
    SELECT
        target,
        outlet,
        any_value(middle)::DATE AS middle,
        count(*) FILTER (NOT is_after) AS articles_before,
        count(*) FILTER (NOT is_after AND stance = 'favor') AS favor_before,
        count(*) FILTER (NOT is_after AND stance = 'against') AS against_before,
        count(*) FILTER (is_after) AS articles_after,
        count(*) FILTER (is_after AND stance = 'favor') AS favor_after,
        count(*) FILTER (is_after AND stance = 'against') AS against_after
    FROM halved GROUP BY target, outlet
)
FROM counted
WHERE share_low(favor_before, articles_before) > share_high(favor_after, articles_after)
    OR share_high(favor_before, articles_before) < share_low(favor_after, articles_after)
    OR share_low(against_before, articles_before) > share_high(against_after, articles_after)
    OR share_high(against_before, articles_before) < share_low(against_after, articles_after)
ORDER BY articles_before + articles_after DESC, target, outlet
LIMIT 25
