"""Measuring how the time grows if a text is four times as long; this ratio does not depend on the machine."""

import time
from collections.abc import Callable


def cpu_seconds(function: Callable[[str], object], text: str) -> float:
    """Return the processor seconds of one call."""
    started = time.process_time()
    function(text)
    return time.process_time() - started
