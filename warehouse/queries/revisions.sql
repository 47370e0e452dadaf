-- Which articles were changed after they were published, and how often? Outlet, title, modified_at and address
-- are the latest ones; first_read and newest_read are when its first and its newest text were fetched.
-- Empty: no article has changed since it was first read.
SELECT
    coalesce(arg_max_null(outlet, revision), '(unknown)') AS outlet,
    arg_max_null(title, revision) AS title,
    count(*) AS revisions,
    min(fetched_at) AS first_read,
    max(fetched_at) AS newest_read,
    arg_max_null(modified_at, revision) AS modified_at,
    arg_max(url, revision) AS url
FROM article GROUP BY article_id HAVING count(*) > 1 ORDER BY revisions DESC, url
