"""What people see of a run: on the terminal, in the Prefect UI, in alerts, and by ``commentariat status``."""
