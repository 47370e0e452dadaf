"""How ``python -m training...`` ends after an error of this project: it prints one line and returns an exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable

from commentariat import CommentariatError


def exit_code_of(work: Callable[[], int | None]) -> int:
    """Run the work of a command and return its exit code (0 for None), or print the error and return its exit code."""
    try:
        return work() or 0
    except CommentariatError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
