"""Standard output as a place for results; the program that reads it may stop reading at any time."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Give standard output; if the program that reads it ends (``... | head``), leave the block without a message.

    This is not an error of ours, and the code after the block still runs.
    """
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        # At its end Python flushes standard output once more, and would report an error there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
