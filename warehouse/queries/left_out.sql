-- Which outcomes left items out, and why? The latest outcome of each address counts; the reason is the most frequent
-- one. What is gone from its file is not counted.
-- Empty: everything that was taken in is stored as an article.
SELECT outcome, count(*) AS addresses, mode(regexp_replace(reason, '^row \d+: ', '')) AS most_often, count(DISTINCT source) AS sources
FROM (
    SELECT
        url,
        arg_max(outcome, decided_at) FILTER (outcome <> 'unchanged') AS outcome, -- unchanged: left out as before
        arg_max(reason, decided_at) FILTER (outcome <> 'unchanged') AS reason,
        arg_max(source, decided_at) AS source
    FROM outcome
    GROUP BY url
    HAVING arg_max(outcome, decided_at) <> 'unchanged' OR NOT bool_or(outcome IN ('loaded', 'revised'))
)
WHERE outcome NOT IN ('loaded', 'revised', 'gone')
GROUP BY outcome ORDER BY addresses DESC, outcome
