"""Lone surrogates: halves of UTF-16 pairs, which a Python string can hold and UTF-8 cannot."""

from __future__ import annotations

import re

_SURROGATES = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """Replace lone surrogates, which UTF-8 libraries refuse, by U+FFFD; length and offsets do not change."""
    return _SURROGATES.sub("\ufffd", text)
