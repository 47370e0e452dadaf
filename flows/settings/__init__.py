"""What can be set: the configuration and its sections, the form of a run, and what Prefect's server is told."""
