-- Which outlets moved on a target? Those whose share in favor, or against, has intervals up to the middle day and after
-- it that do not overlap. By the end of the middle day, half of all articles on the target, of any outlet, were
-- published; in a report on some outlets or a time, half of those in this part.
-- Empty: no outlet with five articles up to the middle day and five after it has intervals that do not overlap.
WITH halved AS (
    SELECT
        *,
        quantile_disc((published_at AT TIME ZONE 'UTC')::DATE, 0.5) OVER (PARTITION BY target) AS middle,
        (published_at AT TIME ZONE 'UTC')::DATE > middle AS is_after
    FROM current_stance WHERE published_at IS NOT NULL
), counted AS (
    SELECT
        target,
        outlet,
        any_value(middle) AS middle,
        count(*) FILTER (NOT is_after) AS articles_before,
        count(*) FILTER (NOT is_after AND stance = 'favor') AS favor_before,
        count(*) FILTER (NOT is_after AND stance = 'against') AS against_before,
        count(*) FILTER (is_after) AS articles_after,
        count(*) FILTER (is_after AND stance = 'favor') AS favor_after,
        count(*) FILTER (is_after AND stance = 'against') AS against_after
    FROM halved WHERE outlet IS NOT NULL GROUP BY target, outlet
)
FROM counted
WHERE share_low(favor_before, articles_before) > share_high(favor_after, articles_after)
    OR share_high(favor_before, articles_before) < share_low(favor_after, articles_after)
    OR share_low(against_before, articles_before) > share_high(against_after, articles_after)
    OR share_high(against_before, articles_before) < share_low(against_after, articles_after)
ORDER BY articles_before + articles_after DESC, target, outlet
LIMIT 25
