-- Which outcomes left items out, and why? The latest outcome of each address counts; the reason is the most frequent
-- one. What is gone from its file is not counted. The order of the commits decides which outcome is the latest, because
-- clocks may be wrong.
-- Empty: everything that was taken in is stored as an article.
WITH known_run AS (
    SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id
)
SELECT outcome, count(*) AS addresses, mode(regexp_replace(reason, '^row \d+: ', '')) AS most_often, count(DISTINCT source) AS sources
FROM (
    SELECT
        url,
        arg_max(outcome, sequence) FILTER (outcome <> 'unchanged') AS outcome, -- unchanged: left out as before
        arg_max(reason, sequence) FILTER (outcome <> 'unchanged') AS reason,
        arg_max(source, sequence) AS source
    FROM outcome JOIN known_run USING (run_id)
    GROUP BY url
    HAVING arg_max(outcome, sequence) <> 'unchanged' OR NOT bool_or(outcome IN ('loaded', 'revised'))
)
WHERE outcome NOT IN ('loaded', 'revised', 'gone')
GROUP BY outcome ORDER BY addresses DESC, outcome
