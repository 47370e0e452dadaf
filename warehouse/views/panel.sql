-- The panel: the outlets that published in nearly all of the latest periods, and these periods.

CREATE OR REPLACE VIEW panel AS
WITH asked AS (  -- the time that a report is about: warehouse/querying/scope.py writes it here
    SELECT since AT TIME ZONE 'UTC' AS since, until AT TIME ZONE 'UTC' AS until
    FROM (SELECT NULL::TIMESTAMPTZ AS since, NULL::TIMESTAMPTZ AS until)
), stored AS (  -- of everything, also in a report on a part, which has only its part of the articles as "article"
    SELECT max(fetched_at) AT TIME ZONE 'UTC' AS latest_fetch FROM main.article
    WHERE is_current
), dated AS (  -- times in UTC: those with a zone would be cut into days and months of the reader's zone
    SELECT outlet, published_at AT TIME ZONE 'UTC' AS published_at
    FROM article
    -- As in intake, up to two days ahead: an article may be announced for tomorrow, or its day has begun elsewhere.
    WHERE is_current AND outlet IS NOT NULL AND published_at <= fetched_at + INTERVAL 48 HOUR
), often AS (  -- the median, so that one busy outlet does not choose; few articles of an outlet say nothing about it
    SELECT median(n) AS articles FROM (SELECT count(*) AS n FROM dated GROUP BY outlet HAVING count(*) >= 5)
), reach AS (
    SELECT
        newest,
        oldest,
        CASE
            WHEN newest - oldest <= INTERVAL 21 DAY AND a_day >= 3 THEN 'day'
            WHEN newest - oldest <= INTERVAL 182 DAY AND a_day >= 3.0 / 7 THEN 'week'
            ELSE 'month'
        END AS unit,
        CASE unit WHEN 'month' THEN INTERVAL 1 MONTH WHEN 'week' THEN INTERVAL 7 DAY ELSE INTERVAL 1 DAY END AS step
    FROM (
        SELECT
            least(max(published_at), any_value(stored.latest_fetch)) AS newest,
            quantile_disc(published_at, 0.02) AS oldest,
            any_value(often.articles) / greatest(1, epoch(newest - oldest) / 86400) AS a_day
        FROM dated CROSS JOIN often CROSS JOIN stored
    )
), calendar AS (  -- periods that lie in the time as a whole, and were over when articles were last fetched
    SELECT unit, step, began, began + step AS ended
    FROM (
        SELECT
            unit,
            step,
            unnest(generate_series(
                greatest(date_trunc(unit, oldest), date_trunc(unit, newest) - 24 * step), date_trunc(unit, newest), step
            )) AS began
        FROM reach
    ) CROSS JOIN asked CROSS JOIN stored
    WHERE began >= coalesce(since, began)
        AND began + step <= least(until, stored.latest_fetch)  -- least leaves an empty time out
    QUALIFY row_number() OVER (ORDER BY began DESC) <= 24  -- the newest period may be over or not
), heard_on AS (  -- by day: several articles of one day, or of one issue, have no break between them
    SELECT outlet, min(published_at) AS first_heard, max(published_at) AS last_heard
    FROM dated GROUP BY outlet, published_at::DATE
), spaced AS (
    SELECT
        outlet,
        last_heard,
        coalesce(
            lead(first_heard) OVER (PARTITION BY outlet ORDER BY first_heard), (SELECT newest FROM reach)
        ) AS heard_again
    FROM heard_on
), silence AS (  -- compared with all breaks of the outlet: among the long ones alone, none is unusual
    SELECT outlet, last_heard, heard_again FROM spaced
    QUALIFY heard_again - last_heard >= INTERVAL 7 DAY
        AND heard_again - last_heard >= 3 * quantile_disc(heard_again - last_heard, 0.9) OVER (PARTITION BY outlet)
), heard AS (
    SELECT outlet, date_trunc(reach.unit, published_at) AS began, count(*) AS pieces FROM dated, reach GROUP BY ALL
), member AS (
    SELECT outlet FROM heard JOIN calendar USING (began)
    GROUP BY outlet
    HAVING count(*) >= 0.8 * (SELECT count(*) FROM calendar)
)
SELECT
    unit,
    began::DATE AS period,
    outlet,
    coalesce(pieces, 0) AS articles,
    pieces IS NULL OR EXISTS (
        FROM silence
        WHERE silence.outlet = member.outlet
            AND least(heard_again, ended) - greatest(last_heard, began) >= least(INTERVAL 5 DAY, step)
    ) AS is_silent
FROM member CROSS JOIN calendar LEFT JOIN heard USING (outlet, began);
COMMENT ON VIEW panel IS
    'The outlets with articles in at least four fifths of the periods, and each of the last 24 periods that are over, '
    'which means that an article was fetched after the end of the period. A period is a day, a week or a month: the '
    'shortest that most outlets fill with some articles, where outlets with fewer than five articles do not count. '
    'is_silent: the outlet has no article in the period, or a break much longer than its usual ones. The view serves to '
    'compare periods without effects of a changing set of outlets.';
