"""Connections to the published DuckDB file, with saved queries and tables of the user."""
