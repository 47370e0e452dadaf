-- When and how were the listings (feeds, sitemaps, sections) last read? For conditional requests. If there are several
-- visits, that of the last run counts, because clocks may be wrong.
SELECT url, resource, fetched_at, http_status, etag, last_modified, body_hash, filters_hash
FROM visit
LEFT JOIN (SELECT run_id, max(sequence) AS sequence FROM commit_log GROUP BY run_id) known_run USING (run_id)
WHERE resource NOT IN ('page', 'file')
QUALIFY row_number() OVER (PARTITION BY url ORDER BY coalesce(sequence, 0) DESC, fetched_at DESC) = 1;
