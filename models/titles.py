"""Titles of works and slogans, which are names and nobody's speech: "The Lord of the Rings"."""

from __future__ import annotations

_SMALL_WORDS = frozenset("a an and as at but by for from in into is of on or the to up vs with".split())  # noqa: SIM905 - on one line
_FEWEST_CAPITALS = 2


def is_title(words: str) -> bool:
    """Whether words are written as in a title: all but the small words between them begin with a capital.

    Words that end like a sentence or a part of one are none: "We Will Not Go," is speech. Words all in capitals can be
    either, so they are none.
    """
    if words.isupper() or words.rstrip().endswith((".", ",", ";", ":", "!", "?", "…")):
        return False
    large = [word for word in words.split() if word not in _SMALL_WORDS]
    return (
        len(large) >= _FEWEST_CAPITALS
        and all(word[0].isupper() or word[0].isdigit() for word in large)
        and words.rsplit(maxsplit=1)[-1] == large[-1]
    )
