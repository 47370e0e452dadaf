"""What a standard stream still holds, when nothing can be written to it any more."""

import os
from typing import TextIO


def discard_rest(stream: TextIO) -> None:
    """Discard what the stream still holds; Python would write it when it ends, and report an error of its own."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
