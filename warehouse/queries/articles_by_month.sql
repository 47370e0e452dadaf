-- How many articles were published each month? Articles without a date are left out; undated counts them.
-- Empty: no article has a date.
SELECT month, count(*) AS articles, count(DISTINCT outlet) AS outlets FROM article
WHERE is_current AND published_at IS NOT NULL GROUP BY month ORDER BY month
