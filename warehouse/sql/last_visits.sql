-- What did the latest fetch of each of these URLs (table incoming, with a column url) learn?
SELECT visit.* EXCLUDE (run_id)
FROM visit SEMI JOIN incoming USING (url)
QUALIFY row_number() OVER (PARTITION BY url ORDER BY fetched_at DESC) = 1
