"""Shows runs to people: on the terminal, in the Prefect UI, in alerts, and by ``commentariat status``."""
