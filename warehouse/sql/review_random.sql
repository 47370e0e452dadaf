-- Which questions are drawn by chance, $counts from each of the strata $strata of the frame (see review_parts)? The
-- random order is a hash of $seed and the question, so that the same seed draws the same questions.
WITH frame AS (
    SELECT
        article_id, revision, target, statement_hash,
        target || ' / ' || answer || CASE WHEN $by_outlet THEN ' / ' || coalesce(outlet, '(unknown)') ELSE '' END
            || CASE WHEN len($outlets::VARCHAR[]) > 0
                THEN ' / among ' || array_to_string(list_sort(list_distinct($outlets::VARCHAR[])), '; ') ELSE '' END AS stratum
    FROM current_answer
    WHERE (len($targets::VARCHAR[]) = 0 OR target IN (SELECT unnest($targets::VARCHAR[])))
        AND (len($outlets::VARCHAR[]) = 0 OR outlet IN (SELECT unnest($outlets::VARCHAR[])))
), wanted AS (
    SELECT unnest($strata::VARCHAR[]) AS stratum, unnest($counts::INTEGER[]) AS drawn
)
SELECT
    article_id, revision, target, statement_hash, 'random' AS sampled_by, stratum,
    (count(*) OVER (PARTITION BY stratum))::INTEGER AS stratum_size,
    (stratum_size / drawn)::FLOAT AS sampling_weight
FROM frame JOIN wanted USING (stratum)
QUALIFY row_number() OVER (PARTITION BY stratum ORDER BY md5($seed || article_id || target)) <= drawn
