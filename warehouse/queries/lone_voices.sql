-- Which articles contradict the usual side of their outlet on a target, counting only stated sides?
-- Empty: an outlet needs three articles that state a side on a target before one of them can be a lone voice.
WITH side AS (
    FROM current_stance WHERE stance IN ('favor', 'against')
), position AS (
    SELECT outlet, target, mode(stance) AS usual, count(*) AS n FROM side GROUP BY outlet, target HAVING count(*) >= 3
)
SELECT s.outlet, s.target, p.usual, p.n, s.stance, s.published_at, s.title
FROM side s JOIN position p USING (outlet, target)
WHERE s.stance <> p.usual ORDER BY s.outlet, s.target, s.article_id
