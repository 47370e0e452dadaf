-- Which outlets reprint articles of which outlets?
-- Empty: no copy has been found.
SELECT
    coalesce(outlet, '(unknown)') AS outlet,
    coalesce(outlet_of_original, '(unknown)') AS outlet_of_original,
    count(*) AS copies,
    round(avg(similarity), 4) AS mean_similarity
FROM duplicate GROUP BY ALL ORDER BY copies DESC, outlet, outlet_of_original
