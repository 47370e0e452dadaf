-- Which outlets have said nothing about a target?
-- Empty: every outlet has said something about every target.
SELECT target, outlet, count(*) AS articles_asked
FROM stance WHERE is_current
GROUP BY target, outlet HAVING count(*) FILTER (about) = 0 ORDER BY target, articles_asked DESC, outlet
