-- Which articles contradict the usual side of their outlet on a target, counting only stated sides? n articles state one,
-- n_usual of them the usual one.
-- Empty: no outlet with at least three stated sides on a target has most on one side and some on the other.
WITH side AS (
    FROM current_stance WHERE stance IN ('favor', 'against')
), position AS (
    SELECT outlet, target, mode(stance) AS usual, count(*) AS n,
        greatest(count(*) FILTER (stance = 'favor'), count(*) FILTER (stance = 'against')) AS n_usual
    FROM side
    GROUP BY outlet, target
    HAVING count(*) >= 3 AND count(*) FILTER (stance = 'favor') <> count(*) FILTER (stance = 'against')
)
SELECT s.outlet, s.target, p.usual, p.n, p.n_usual, s.stance, s.published_at, s.title
FROM side s JOIN position p USING (outlet, target)
WHERE s.stance <> p.usual ORDER BY s.outlet, s.target, s.article_id
