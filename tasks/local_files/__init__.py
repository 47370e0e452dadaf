"""Files on disk as sources: their paths, the rows of tables, and the articles in these rows."""
