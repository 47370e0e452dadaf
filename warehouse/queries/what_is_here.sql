-- Which tables and views are there, and what do they contain?
SELECT table_name AS name, 'table' AS kind, estimated_size AS rows, comment FROM duckdb_tables() WHERE NOT internal
UNION ALL
SELECT view_name, 'view', NULL, comment FROM duckdb_views() WHERE NOT internal AND NOT temporary
ORDER BY kind, name
