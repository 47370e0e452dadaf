-- Which articles are known as copies of those that are taken down (table gone), and are not taken down themselves?
SELECT DISTINCT article_id FROM duplicate
WHERE duplicate_of IN (SELECT article_id FROM gone) AND article_id NOT IN (SELECT article_id FROM gone)
ORDER BY article_id
