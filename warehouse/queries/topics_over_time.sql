-- How does the share of each main topic move from month to month?
SELECT month, label, count(*) AS articles, round(count(*) / sum(count(*)) OVER (PARTITION BY month), 4) AS share
FROM main_topic GROUP BY month, label ORDER BY month, articles DESC
