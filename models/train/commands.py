"""How ``python -m models.train...`` ends on an error of ours: one line that says what to do, and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable

from commentariat import CommentariatError


def exit_code_of(work: Callable[[], object]) -> int:
    """Do the work of a command; 0, or the exit code of the error, which is then printed in a line."""
    try:
        work()
    except CommentariatError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0
