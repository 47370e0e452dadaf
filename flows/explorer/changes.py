"""The changes between two revisions of a text: by paragraph, and by word inside the paragraphs that changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORDS = re.compile(r"\S+\s*|\s+")
_MOST_WORDS = 600
_MOST_PARAGRAPHS = 1_500
"""The time of a comparison grows with the square of the length: a longer part is shown as replaced as a whole."""

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Fragment:
    """Consecutive words, and whether both revisions have them, only the earlier one, or only the later one."""

    kind: Kind
    text: str


def changes(before: str, after: str) -> list[list[Fragment]]:
    """Compare two texts; each paragraph is a list of fragments, in the order of the later text."""
    old, new = (text.split("\n") for text in (before, after))
    paragraphs: list[list[Fragment]] = []
    for kind, a, b, c, d in _steps(old, new, _MOST_PARAGRAPHS):
        if kind == "equal":
            paragraphs += [[Fragment("same", paragraph)] for paragraph in new[c:d]]
        elif kind == "replace" and b - a == d - c:
            paragraphs += [list(_words(*pair)) for pair in zip(old[a:b], new[c:d], strict=True)]
        else:
            paragraphs += [[Fragment("gone", paragraph)] for paragraph in old[a:b]]
            paragraphs += [[Fragment("new", paragraph)] for paragraph in new[c:d]]
    return [paragraph for paragraph in paragraphs if any(fragment.text.strip() for fragment in paragraph)]


def _words(before: str, after: str) -> Iterator[Fragment]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    for kind, a, b, c, d in _steps(old, new, _MOST_WORDS):
        if kind == "equal":
            yield Fragment("same", "".join(new[c:d]))
            continue
        if b > a:
            yield Fragment("gone", "".join(old[a:b]))
        if d > c:
            yield Fragment("new", "".join(new[c:d]))


def _steps(old: Sequence[str], new: Sequence[str], most: int) -> list[tuple[str, int, int, int, int]]:
    if len(old) + len(new) > 2 * most:
        return [("replace", 0, len(old), 0, len(new))]
    return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())
