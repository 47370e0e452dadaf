"""The parts and steps of a run: its opening, then ``intake``, ``scoring``, ``classifier`` and ``second_model``."""
