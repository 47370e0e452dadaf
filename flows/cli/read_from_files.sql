-- Is there an item whose text was read from a file and that has an address of the web: a row, or a record of an archive?
-- is_local is empty in items of older warehouses. If one was read, the ETag of a visit is a hash of its content; that of a
-- server has quotation marks around it.
SELECT count(*) > 0 AS is_there
FROM item
WHERE NOT starts_with(url, 'file:')
    AND (is_local OR url IN (SELECT url FROM visit WHERE regexp_full_match(etag, 'sha256:[0-9a-f]{32}')))
