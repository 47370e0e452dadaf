-- How does the share of the eight most frequent main topics change, for a constant panel of outlets? Weighted as in
-- panel_stances.
-- Empty: no outlet has articles in four fifths of the days, weeks or months that are over, so periods cannot be compared.
WITH member AS MATERIALIZED (
    FROM panel
), piece AS (
    SELECT t.article_id, period, t.outlet, label
    FROM main_topic t JOIN member p
        ON t.outlet = p.outlet AND date_trunc((SELECT any_value(unit) FROM member), t.published_at)::DATE = p.period
), frequent AS (
    SELECT label AS topic, count(*) AS in_all FROM piece GROUP BY label ORDER BY in_all DESC, topic LIMIT 8
), compared AS (
    SELECT
        topic,
        in_all,
        period,
        (label = topic)::INT AS is_topic,
        avg(is_topic) OVER (PARTITION BY topic) + is_topic - avg(is_topic) OVER (PARTITION BY topic, outlet) AS evened
    FROM piece CROSS JOIN frequent
), counted AS (
    SELECT
        topic,
        in_all,
        period,
        sum(is_topic)::BIGINT AS articles,
        count(*) AS of_all,
        least(1, greatest(0, avg(evened))) AS evened
    FROM compared GROUP BY ALL
), period AS (
    SELECT any_value(unit) AS unit, period, list(outlet ORDER BY outlet) FILTER (is_silent) AS silent
    FROM member GROUP BY period
)
SELECT
    topic,
    unit,
    period,
    coalesce(articles, 0) AS articles,
    coalesce(of_all, 0) AS of_all,
    share_of(evened * of_all, of_all) AS share,
    share_low(evened * of_all, of_all) AS low,
    share_high(evened * of_all, of_all) AS high,
    coalesce(silent, []) AS silent
FROM (SELECT DISTINCT topic, in_all FROM counted) CROSS JOIN period LEFT JOIN counted USING (topic, in_all, period)
ORDER BY in_all DESC, topic, period
