-- Which outcomes left items out, and why? The latest outcome of each address counts (if it is unchanged, the one that it
-- had before); the reason is the most frequent one. stored: of how many of these addresses an earlier text is stored,
-- which stays as it was. What is gone from its file is not counted. The order of the commits decides which outcome is the
-- latest, because clocks may be wrong.
-- Empty: everything that was taken in is stored as an article.
WITH known_run AS (
    SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id
)
SELECT
    outcome,
    count(*) AS addresses,
    count(*) FILTER (was_stored) AS stored,
    mode(regexp_replace(reason, '^row \d+: ', '') ORDER BY reason) AS most_often,
    count(DISTINCT source) AS sources
FROM (
    SELECT
        url,
        -- What is unchanged is left out as before, also if it could not be fetched in between.
        CASE WHEN arg_max(outcome, sequence) = 'unchanged'
            THEN arg_max(outcome, sequence) FILTER (outcome NOT IN ('unchanged', 'fetch_failed', 'postponed'))
            ELSE arg_max(outcome, sequence)
        END AS outcome,
        CASE WHEN arg_max(outcome, sequence) = 'unchanged'
            THEN arg_max(reason, sequence) FILTER (outcome NOT IN ('unchanged', 'fetch_failed', 'postponed'))
            ELSE arg_max(reason, sequence)
        END AS reason,
        arg_max(source, sequence) AS source,
        bool_or(outcome IN ('loaded', 'revised') AND article_id NOT IN (SELECT article_id FROM tombstone)) AS was_stored
    FROM outcome JOIN known_run USING (run_id)
    GROUP BY url
    HAVING arg_max(outcome, sequence) <> 'unchanged' OR NOT bool_or(outcome IN ('loaded', 'revised'))
)
WHERE outcome NOT IN ('loaded', 'revised', 'gone')
GROUP BY outcome ORDER BY addresses DESC, outcome
