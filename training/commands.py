"""How ``python -m training...`` ends on an error of ours: one line that says what to do, and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable

from commentariat import CommentariatError


def exit_code_of(work: Callable[[], int | None]) -> int:
    """Do the work of a command: its own exit code (none: 0), or that of the error, which is printed in a line."""
    try:
        return work() or 0
    except CommentariatError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
