-- Which answers should a person check first: the unsure answers nearest to a side, then the least certain other
-- answers?
SELECT target, round(s.certainty, 3) AS certainty, stance, outlet, title, article_id
FROM current_stance s ORDER BY check_order(s.stance, s.certainty), article_id, target LIMIT 50
