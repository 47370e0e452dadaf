-- Which outcomes left items out, and why? The latest outcome of each address counts; the reason is the most frequent
-- one.
-- Empty: everything that was taken in is stored as an article.
SELECT outcome, count(*) AS addresses, mode(reason) AS most_often, count(DISTINCT source) AS sources
FROM (
    SELECT
        url,
        arg_max(outcome, decided_at) AS outcome,
        arg_max(reason, decided_at) AS reason,
        arg_max(source, decided_at) AS source
    FROM outcome GROUP BY url
)
WHERE outcome NOT IN ('loaded', 'revised', 'unchanged')
GROUP BY outcome ORDER BY addresses DESC, outcome
