-- How do the stances on each target change over time, for a constant panel of outlets? A share is the mean of the shares
-- of the outlets, and each outlet always has the same weight: its part of all articles on the target. If an outlet has
-- none in a period, the shares of the others stand for its own, plus its mean difference from them in common periods.
-- Empty: no outlet has articles in four fifths of the days, weeks or months that are over, so periods cannot be compared.
WITH member AS MATERIALIZED (
    FROM panel
), period AS (
    SELECT any_value(unit) AS unit, period, list(outlet ORDER BY outlet) FILTER (is_silent) AS silent
    FROM member GROUP BY period
), piece AS (
    SELECT target, period, s.outlet, (stance = 'favor')::INT AS favor, (stance = 'against')::INT AS against,
        (stance = 'unsure')::INT AS unsure
    FROM current_stance s JOIN member p
        ON s.outlet = p.outlet AND date_trunc((SELECT any_value(unit) FROM member), s.published_at AT TIME ZONE 'UTC')::DATE = p.period
), counted AS (
    SELECT
        target,
        period,
        count(*) AS articles,
        sum(favor)::BIGINT AS favor,
        sum(against)::BIGINT AS against,
        sum(unsure)::BIGINT AS unsure
    FROM piece GROUP BY ALL
), own AS (
    SELECT target, period, outlet, count(*) AS articles, avg(favor) AS favor, avg(against) AS against
    FROM piece GROUP BY ALL
), weight AS (
    SELECT target, outlet, sum(articles) / sum(sum(articles)) OVER (PARTITION BY target) AS weight
    FROM own GROUP BY target, outlet
), difference AS (  -- between two outlets, over the periods in which both have articles; between an outlet and itself, 0
    SELECT target, a.outlet, b.outlet AS other, avg(a.favor - b.favor) AS favor, avg(a.against - b.against) AS against
    FROM own a JOIN own b USING (target, period) GROUP BY ALL
), stands_for AS (  -- an outlet's own share or, if it has none in the period, the mean of what the others' shares suggest
    SELECT
        target,
        period,
        other,
        o.articles,
        o.favor + d.favor AS favor,
        o.against + d.against AS against,
        w.weight * of_other.weight / sum(of_other.weight) OVER (PARTITION BY target, period, w.outlet) AS weight
    FROM weight w
    JOIN difference d USING (target, outlet)
    JOIN (SELECT * RENAME (outlet AS other) FROM own) o USING (target, other)
    JOIN (SELECT * RENAME (outlet AS other) FROM weight) of_other USING (target, other)
    WHERE other = w.outlet OR (target, period, w.outlet) NOT IN (SELECT (target, period, outlet) FROM own)
), taken AS (  -- what each outlet's articles in a period are taken for: its own weight and parts of the missing outlets'
    SELECT
        target,
        period,
        any_value(articles) AS articles,
        sum(weight) AS weight,
        sum(weight * favor) AS favor,
        sum(weight * against) AS against
    FROM stands_for GROUP BY target, period, other
), evened AS (  -- equal_to: as many articles of equal weight would give as exact a share (Kish's effective number)
    SELECT
        target,
        period,
        round(sum(weight) ** 2 / sum(weight ** 2 / articles), 4) AS equal_to,
        equal_to * least(1, greatest(0, sum(favor) / sum(weight))) AS favor,
        equal_to * least(1, greatest(0, sum(against) / sum(weight))) AS against
    FROM taken GROUP BY target, period
    HAVING sum(weight) >= 0.95  -- the other outlets have no article, and no period in common with those that have some
)
SELECT
    target,
    unit,
    period,
    coalesce(articles, 0) AS articles,
    coalesce(counted.favor, 0) AS favor,
    coalesce(counted.against, 0) AS against,
    coalesce(unsure, 0) AS unsure,
    share_of(evened.favor, equal_to) AS share_favor,
    share_low(evened.favor, equal_to) AS favor_low,
    share_high(evened.favor, equal_to) AS favor_high,
    share_of(evened.against, equal_to) AS share_against,
    share_low(evened.against, equal_to) AS against_low,
    share_high(evened.against, equal_to) AS against_high,
    coalesce(silent, []) AS silent
FROM (SELECT DISTINCT target FROM counted) CROSS JOIN period
LEFT JOIN counted USING (target, period)
LEFT JOIN evened USING (target, period)
ORDER BY target, period
