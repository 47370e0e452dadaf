-- How many questions does each part of the frame hold that people may be asked? The frame is every answer that counts, also
-- of pieces that do not speak about the target. Takes $targets and $outlets, empty lists for all of them; $by_outlet says
-- whether outlets are parts too.
SELECT
    target || ' / ' || answer || CASE WHEN $by_outlet THEN ' / ' || coalesce(outlet, '(unknown)') ELSE '' END AS stratum,
    count(*) AS stratum_size
FROM current_answer
WHERE (len($targets::VARCHAR[]) = 0 OR target IN (SELECT unnest($targets::VARCHAR[])))
    AND (len($outlets::VARCHAR[]) = 0 OR outlet IN (SELECT unnest($outlets::VARCHAR[])))
GROUP BY stratum
ORDER BY stratum
