"""Time as a ratio, which a slow or busy machine leaves alone: four times the text, how many times as long?"""

import time
from collections.abc import Callable


def cpu_seconds(function: Callable[[str], object], text: str) -> float:
    """Processor seconds of one call."""
    started = time.process_time()
    function(text)
    return time.process_time() - started
