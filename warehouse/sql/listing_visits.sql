-- When and how were the listings (feeds, sitemaps, sections) last read? For conditional requests.
SELECT url, resource, fetched_at, http_status, etag, last_modified, body_hash
FROM visit
WHERE resource NOT IN ('page', 'file')
QUALIFY row_number() OVER (PARTITION BY url ORDER BY fetched_at DESC) = 1;
