"""From the commit log to the DuckDB file that people open."""
