-- How many questions that people may be asked does each stratum of the frame hold? The frame is every answer that
-- counts, also for articles that do not speak about the target. Takes $targets and $outlets (an empty list means all of
-- them), and $by_outlet: whether each outlet has its own strata. If only some outlets are in the frame, the name of each
-- stratum states them, so that nobody takes its answers for answers about all outlets.
SELECT
    target || ' / ' || answer || CASE WHEN $by_outlet THEN ' / ' || coalesce(outlet, '(unknown)') ELSE '' END
        || CASE WHEN len($outlets::VARCHAR[]) > 0
            THEN ' / among ' || array_to_string(list_sort(list_distinct($outlets::VARCHAR[])), '; ') ELSE '' END AS stratum,
    count(*) AS stratum_size
FROM current_answer
WHERE (len($targets::VARCHAR[]) = 0 OR target IN (SELECT unnest($targets::VARCHAR[])))
    AND (len($outlets::VARCHAR[]) = 0 OR outlet IN (SELECT unnest($outlets::VARCHAR[])))
GROUP BY stratum
ORDER BY stratum
