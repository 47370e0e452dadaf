-- Which outlets have no article about a target?
-- Empty: no article has been asked about a target yet, or every outlet has an article about every target.
SELECT target, outlet, count(*) AS articles_asked
FROM stance WHERE is_current AND outlet IS NOT NULL
GROUP BY target, outlet HAVING count(*) FILTER (about) = 0 ORDER BY target, articles_asked DESC, outlet
