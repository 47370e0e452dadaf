-- How does the share of each main topic change from month to month? few means fewer than 5 articles in the month in
-- all. Articles without a date are left out.
-- Empty: no article that has a topic has a date.
SELECT
    month,
    label,
    count(*) AS articles,
    round(count(*) / sum(count(*)) OVER of_month, 4) AS share,
    sum(count(*)) OVER of_month < 5 AS few
FROM main_topic WHERE published_at IS NOT NULL GROUP BY month, label
WINDOW of_month AS (PARTITION BY month)
ORDER BY month, articles DESC
