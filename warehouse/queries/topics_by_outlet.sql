-- What does each outlet write about most? few means fewer than 5 articles of the outlet in all.
SELECT
    outlet,
    label,
    count(*) AS articles,
    round(count(*) / sum(count(*)) OVER of_outlet, 3) AS share,
    sum(count(*)) OVER of_outlet < 5 AS few
FROM main_topic GROUP BY outlet, label
WINDOW of_outlet AS (PARTITION BY outlet)
QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY count(*) DESC, label) <= 3
ORDER BY outlet, articles DESC
