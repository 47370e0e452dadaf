-- How did the number of articles on each topic differ in the last month that is over and has articles from a month
-- before it? The largest rise first. month is that last month; it is an earlier one than the calendar's last month if that
-- one has no articles. months_before is the number of months with articles among the twelve before it, and monthly_before
-- the mean of these months. Articles without a date, or with a date more than two days after they were fetched, are left
-- out.
-- Empty: there are no two months that are over and have articles, so months cannot be compared.
WITH dated AS (
    SELECT t.label, a.month
    FROM main_topic t JOIN article a USING (article_id, revision)
    WHERE a.published_at <= a.fetched_at + INTERVAL 48 HOUR
        AND a.month < (SELECT strftime(max(fetched_at) AT TIME ZONE 'UTC', '%Y-%m') FROM article WHERE is_current)
), last_month AS (
    SELECT max(month) AS month FROM dated
), compared AS (
    SELECT label, month = (FROM last_month) AS is_last, month
    FROM dated
    WHERE month >= strftime(strptime((FROM last_month) || '-01', '%Y-%m-%d') - INTERVAL 12 MONTH, '%Y-%m')
), earlier AS (
    SELECT count(DISTINCT month) AS months FROM compared WHERE NOT is_last
)
SELECT
    label,
    (FROM last_month) AS month,
    count(*) FILTER (is_last) AS articles_last_month,
    round(count(*) FILTER (NOT is_last) / any_value(months), 1) AS monthly_before,
    any_value(months) AS months_before
FROM compared CROSS JOIN earlier
WHERE months > 0
GROUP BY label ORDER BY articles_last_month - monthly_before DESC, label
