-- Which sources take the most time per item?
SELECT source, count(*) AS items, round(avg(elapsed), 3) AS mean_seconds, round(max(elapsed), 3) AS worst
FROM outcome WHERE elapsed IS NOT NULL
GROUP BY source ORDER BY mean_seconds DESC, source
