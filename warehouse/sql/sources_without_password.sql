-- All rows of table source, without user names and passwords in their addresses.
SELECT * REPLACE (
    regexp_replace(location, '(^|\s)([A-Za-z][A-Za-z0-9+.-]*://)[^/?#\s]*@', '\1\2', 'g') AS location
)
FROM source
ORDER BY source, since
