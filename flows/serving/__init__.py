"""The flows on a schedule: their deployments, and a Prefect server on this machine for ``commentariat up``."""
