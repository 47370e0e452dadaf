"""The parts and steps of a run: opening, intake, scoring, the backlog, and the second model."""
