-- How does the share of each main topic change from month to month? It is empty if the month has fewer than 5 articles in
-- all (few). Articles without a date are left out.
-- Empty: no article that has a topic has a date.
SELECT
    month,
    label,
    count(*) AS articles,
    share_of(count(*), sum(count(*)) OVER of_month) AS share,
    sum(count(*)) OVER of_month < 5 AS few
FROM main_topic WHERE published_at IS NOT NULL GROUP BY month, label
WINDOW of_month AS (PARTITION BY month)
ORDER BY month, articles DESC, label
