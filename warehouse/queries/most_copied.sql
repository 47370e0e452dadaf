-- Which articles were reprinted most often?
-- Empty: no copy has been found.
SELECT
    any_value(title_of_original) AS title,
    coalesce(any_value(outlet_of_original), '(unknown)') AS outlet,
    count(*) AS copies,
    list(DISTINCT coalesce(duplicate.outlet, '(unknown)') ORDER BY coalesce(duplicate.outlet, '(unknown)')) AS reprinted_by
FROM duplicate GROUP BY duplicate_of ORDER BY copies DESC, duplicate_of LIMIT 25
