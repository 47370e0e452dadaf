-- Which topics were more frequent in the last month than in the twelve months before?
WITH last_month AS (SELECT max(month) AS month FROM main_topic)
SELECT
    label,
    count(*) FILTER (month = (FROM last_month)) AS articles_last_month,
    round(count(*) FILTER (month < (FROM last_month)) / 12, 1) AS monthly_before
FROM main_topic
WHERE month >= strftime(strptime((FROM last_month) || '-01', '%Y-%m-%d') - INTERVAL 12 MONTH, '%Y-%m')
GROUP BY label ORDER BY articles_last_month - monthly_before DESC, label
