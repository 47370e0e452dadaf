-- How does the share of each main topic change from month to month? few means fewer than 5 articles in the month in
-- all.
SELECT
    month,
    label,
    count(*) AS articles,
    round(count(*) / sum(count(*)) OVER of_month, 4) AS share,
    sum(count(*)) OVER of_month < 5 AS few
FROM main_topic GROUP BY month, label
WINDOW of_month AS (PARTITION BY month)
ORDER BY month, articles DESC
