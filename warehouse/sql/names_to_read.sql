-- What are the names of all tables and views, including views on files?
SELECT table_name FROM duckdb_tables() WHERE NOT internal
UNION
SELECT view_name FROM duckdb_views() WHERE NOT internal
