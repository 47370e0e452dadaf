"""Standard output as a place to write results to: its reader may have seen enough at any time."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Give standard output; when its reader goes (``... | head``), leave the block without a word.

    That is no error of ours, and what comes after the block is done all the same.
    """
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes standard output once more when it ends, and would complain there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
