"""The stored data in other forms: files, a citable export, training data, Delta tables, a DuckLake."""
