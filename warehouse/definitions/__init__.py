"""The tables and their columns, each declared in one place."""
