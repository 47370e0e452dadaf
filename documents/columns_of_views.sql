-- Lists the columns of every view, in order, for the data dictionary.
SELECT table_name, list(column_name ORDER BY column_index) AS columns
FROM duckdb_columns()
WHERE NOT internal
GROUP BY ALL
