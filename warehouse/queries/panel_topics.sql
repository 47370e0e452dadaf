-- How does the share of the eight most frequent main topics change, for a constant panel of outlets? Shares are the means
-- of the outlets' shares, as in panel_stances; an outlet's weight is its part of all articles.
-- Empty: no outlet has articles in four fifths of the days, weeks or months that are over, so periods cannot be compared.
WITH member AS MATERIALIZED (
    FROM panel
), period AS (
    SELECT any_value(unit) AS unit, period, list(outlet ORDER BY outlet) FILTER (is_silent) AS silent
    FROM member GROUP BY period
), piece AS (
    SELECT t.article_id, period, t.outlet, label
    FROM main_topic t JOIN member p
        ON t.outlet = p.outlet AND date_trunc((SELECT any_value(unit) FROM member), t.published_at AT TIME ZONE 'UTC')::DATE = p.period
), frequent AS (
    SELECT label AS topic, count(*) AS in_all FROM piece GROUP BY label ORDER BY in_all DESC, topic LIMIT 8
), own AS (
    SELECT topic, in_all, period, outlet, count(*) AS articles, avg((label = topic)::INT) AS share,
        count(*) FILTER (label = topic) AS on_topic
    FROM piece CROSS JOIN frequent GROUP BY ALL
), counted AS (
    SELECT topic, in_all, period, sum(on_topic)::BIGINT AS articles, sum(articles)::BIGINT AS of_all
    FROM own GROUP BY ALL
), weight AS (
    SELECT topic, outlet, sum(articles) / sum(sum(articles)) OVER (PARTITION BY topic) AS weight
    FROM own GROUP BY topic, outlet
), difference AS (  -- between two outlets, over the periods in which both have articles; between an outlet and itself, 0
    SELECT topic, a.outlet, b.outlet AS other, avg(a.share - b.share) AS share
    FROM own a JOIN own b USING (topic, period) GROUP BY ALL
), stands_for AS (  -- an outlet's own share or, if it has none in the period, the mean of what the others' shares suggest
    SELECT
        topic,
        period,
        other,
        o.articles,
        o.share + d.share AS share,
        w.weight * of_other.weight / sum(of_other.weight) OVER (PARTITION BY topic, period, w.outlet) AS weight
    FROM weight w
    JOIN difference d USING (topic, outlet)
    JOIN (SELECT * RENAME (outlet AS other) FROM own) o USING (topic, other)
    JOIN (SELECT * RENAME (outlet AS other) FROM weight) of_other USING (topic, other)
    WHERE other = w.outlet OR (topic, period, w.outlet) NOT IN (SELECT (topic, period, outlet) FROM own)
), taken AS (  -- what each outlet's articles in a period are taken for: its own weight and parts of the missing outlets'
    SELECT topic, period, any_value(articles) AS articles, sum(weight) AS weight, sum(weight * share) AS share
    FROM stands_for GROUP BY topic, period, other
), evened AS (  -- equal_to: as many articles of equal weight would give as exact a share (Kish's effective number)
    SELECT
        topic,
        period,
        round(sum(weight) ** 2 / sum(weight ** 2 / articles), 4) AS equal_to,
        equal_to * least(1, greatest(0, sum(share) / sum(weight))) AS on_topic
    FROM taken GROUP BY topic, period
    HAVING sum(weight) >= 0.95  -- the other outlets have no article, and no period in common with those that have some
)
SELECT
    topic,
    unit,
    period,
    coalesce(articles, 0) AS articles,
    coalesce(of_all, 0) AS of_all,
    share_of(on_topic, equal_to) AS share,
    share_low(on_topic, equal_to) AS low,
    share_high(on_topic, equal_to) AS high,
    coalesce(silent, []) AS silent
FROM (SELECT DISTINCT topic, in_all FROM counted) CROSS JOIN period
LEFT JOIN counted USING (topic, in_all, period)
LEFT JOIN evened USING (topic, period)
ORDER BY in_all DESC, topic, period
