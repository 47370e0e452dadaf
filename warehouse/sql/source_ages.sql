-- Since when is each source read, and when did it last bring something that had never been seen?
SELECT source.source, min(source.since) AS since, max(item.discovered_at) AS newest, count(item.url) AS items
FROM source
LEFT JOIN item ON item.source = source.source
GROUP BY source.source
ORDER BY source.source
