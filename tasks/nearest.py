"""The end of a message about a name that does not exist: the name that was probably meant, or the names that exist."""

import difflib
from collections.abc import Iterable

_MOST = 24
"""Most names that are listed; no section of the configuration has more keys."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Ask whether the most similar known name was meant; if none is similar, list the known names."""
    names = list(known)
    if close := difflib.get_close_matches(name, names, n=1):
        return f"did you mean {close[0]!r}?"
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f"known are {', '.join(names[:_MOST])}{more}" if names else "none is known"
