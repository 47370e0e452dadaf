-- When did each source last bring something that had never been seen?
SELECT source, max(discovered_at) AS newest, count(*) AS items
FROM item
GROUP BY source
ORDER BY source
