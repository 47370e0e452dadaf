"""A command that a test measures: it does nothing, and says so in JSON."""

import time


def main() -> None:
    """Print an empty object, after time enough to look at the memory of this process."""
    time.sleep(0.5)
    print("{}")
