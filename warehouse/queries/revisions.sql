-- Which articles were changed after they were published, and how often?
-- Empty: no article has changed since it was first read.
SELECT a.outlet, a.title, count(*) AS revisions, min(a.fetched_at) AS first_read, max(a.fetched_at) AS last_change, a.url
FROM article a GROUP BY a.outlet, a.title, a.url HAVING count(*) > 1 ORDER BY revisions DESC, a.url
