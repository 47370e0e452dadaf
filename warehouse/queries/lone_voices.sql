-- Which articles contradict what their own outlet otherwise says?
WITH position AS (
    SELECT outlet, target, mode(stance) AS usual, count(*) AS n
    FROM current_stance WHERE stance <> 'neutral' GROUP BY outlet, target HAVING count(*) >= 3
)
SELECT s.outlet, s.target, p.usual, s.stance, s.published_at, s.title
FROM current_stance s JOIN position p USING (outlet, target)
WHERE s.stance <> 'neutral' AND s.stance <> p.usual ORDER BY s.outlet, s.target, s.article_id
