-- How do the stances on each target change over time, for a constant panel of outlets? Shares are computed as if every
-- outlet always had the same weight.
-- Empty: no outlet has articles in four fifths of the days, weeks or months that are over, so periods cannot be compared.
WITH member AS MATERIALIZED (
    FROM panel
), piece AS (
    SELECT target, period, s.outlet, (stance = 'favor')::INT AS favor, (stance = 'against')::INT AS against,
        (stance = 'unsure')::INT AS unsure
    FROM current_stance s JOIN member p
        ON s.outlet = p.outlet AND date_trunc((SELECT any_value(unit) FROM member), s.published_at)::DATE = p.period
), compared AS (  -- with the stances of the same outlet over all periods
    SELECT
        target,
        period,
        favor,
        against,
        unsure,
        avg(favor) OVER of_target + favor - avg(favor) OVER of_outlet AS evened_favor,
        avg(against) OVER of_target + against - avg(against) OVER of_outlet AS evened_against
    FROM piece
    WINDOW of_target AS (PARTITION BY target), of_outlet AS (PARTITION BY target, outlet)
), counted AS (
    SELECT
        target,
        period,
        count(*) AS articles,
        sum(favor)::BIGINT AS favor,
        sum(against)::BIGINT AS against,
        sum(unsure)::BIGINT AS unsure,
        least(1, greatest(0, avg(evened_favor))) AS evened_favor,
        least(1, greatest(0, avg(evened_against))) AS evened_against
    FROM compared GROUP BY target, period
), period AS (
    SELECT any_value(unit) AS unit, period, list(outlet ORDER BY outlet) FILTER (is_silent) AS silent
    FROM member GROUP BY period
)
SELECT
    target,
    unit,
    period,
    coalesce(articles, 0) AS articles,
    coalesce(favor, 0) AS favor,
    coalesce(against, 0) AS against,
    coalesce(unsure, 0) AS unsure,
    share_of(evened_favor * articles, articles) AS share_favor,
    share_low(evened_favor * articles, articles) AS favor_low,
    share_high(evened_favor * articles, articles) AS favor_high,
    share_of(evened_against * articles, articles) AS share_against,
    share_low(evened_against * articles, articles) AS against_low,
    share_high(evened_against * articles, articles) AS against_high,
    coalesce(silent, []) AS silent
FROM (SELECT DISTINCT target FROM counted) CROSS JOIN period LEFT JOIN counted USING (target, period)
ORDER BY target, period
