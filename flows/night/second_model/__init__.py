"""The second model in a run: which articles are due, asking about them beside the run, and what came of it."""
