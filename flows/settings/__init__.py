"""Settings: the configuration and its sections, the request of a run, and the settings of Prefect's server."""
