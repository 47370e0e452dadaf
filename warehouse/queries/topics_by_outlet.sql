-- What does each outlet write about most? share is empty if the outlet has fewer than 5 articles in all (few).
SELECT
    outlet,
    label,
    count(*) AS articles,
    share_of(count(*), sum(count(*)) OVER of_outlet) AS share,
    sum(count(*)) OVER of_outlet < 5 AS few
FROM (SELECT coalesce(outlet, '(unknown)') AS outlet, label FROM main_topic) GROUP BY outlet, label
WINDOW of_outlet AS (PARTITION BY outlet)
QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY count(*) DESC, label) <= 3
ORDER BY outlet, articles DESC, label
