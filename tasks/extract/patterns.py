"""The parts from which the patterns for the texts of newspapers are made."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["NAME", "any_of"]

#: One word of a name, which begins with a capital; a pattern that ignores case needs `(?-i:...)` around it.
NAME: Final = r"[^\W\d_a-z][\w&.’'\-]*"


def any_of(*alternatives: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """Compile alternatives into one pattern that ignores case, with something before and after all of them."""
    return re.compile(f"{before}(?:{'|'.join(alternatives)}){after}", re.IGNORECASE)
