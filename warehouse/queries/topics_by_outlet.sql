-- What does each outlet write about most?
SELECT outlet, label, count(*) AS articles, round(count(*) / sum(count(*)) OVER (PARTITION BY outlet), 3) AS share
FROM main_topic GROUP BY outlet, label
QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY count(*) DESC, label) <= 3
ORDER BY outlet, articles DESC
