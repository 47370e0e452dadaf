"""What can be set: the configuration and its sections, the form of a run, and the settings of Prefect's server."""
