"""Standard output as a place for results; the program that reads it may stop reading at any time."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from flows.monitoring.discarding import discard_rest


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Give standard output; if the program that reads it ends (``... | head``), leave the block without a message.

    This is not an error of ours, and the code after the block still runs.
    """
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        discard_rest(sys.stdout)
