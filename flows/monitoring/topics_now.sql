-- Which main topics do the stored articles have?
SELECT label, count(*) AS articles
FROM topic
WHERE is_current AND rank = 1
GROUP BY label
ORDER BY articles DESC, label;
