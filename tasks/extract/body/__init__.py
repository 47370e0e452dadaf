"""The body of a page: its text, and which parts of it quote somebody else."""
