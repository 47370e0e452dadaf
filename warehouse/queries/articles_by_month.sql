-- How many articles were published each month?
SELECT month, count(*) AS articles, count(DISTINCT outlet) AS outlets FROM article WHERE is_current GROUP BY month ORDER BY month
