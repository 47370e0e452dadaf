"""What a person typed into a search, as an expression that FTS5 accepts: words, phrases, beginnings and operators."""

from __future__ import annotations

import re

_PARTS = re.compile(
    r"""
    (?P<phrase> "(?:[^"]|"")*" (?:\s*\*)? )
    | (?P<operator> (?:AND|OR|NOT) (?![^\s()"]) | NEAR (?=\s*\() )
    | (?P<sign> [()] | ,\s*\d+\s*(?=\)) | (?:title|text)\s*: )
    | (?P<word> (?: [^\s()",] | (?<=\d),(?=\d) | ,(?!\s*\d+\s*\)) )+ )
    """,
    re.VERBOSE,
)
"""The parts of an expression. Signs are brackets, the distance at the end of ``NEAR(a b, 5)``, and a column's name."""

_WORD = re.compile(r"\w")


def has_operator(typed: str) -> bool:
    """Whether there is an operator, which must be in capitals: ``AND``, ``OR``, ``NOT`` or ``NEAR(``."""
    return any(part["operator"] for part in _PARTS.finditer(typed))


def with_words_quoted(typed: str) -> str:
    """Quote every word, because FTS5 refuses words with signs, such as ``pro-life``; everything else stays.

    Without the quotes, it refuses the whole expression. The tokenizer divides a word in quotes as it divided the texts.
    """
    return " ".join(_quoted(part["word"]) if part["word"] else part[0] for part in _parts(typed))


def as_words(typed: str) -> str:
    """Give the words and phrases, all of which must occur; brackets are left out, and a column's name is a word."""
    return " ".join(
        part[0] if part["phrase"] else _quoted(part[0]) for part in _parts(typed) if _WORD.search(part[0])
    )


def _parts(typed: str) -> list[re.Match[str]]:
    """Divide an expression; words and phrases without a letter or digit, such as a lone dash, are left out."""
    return [
        part for part in _PARTS.finditer(typed) if part["operator"] or part["sign"] or _WORD.search(part[0])
    ]


def _quoted(word: str) -> str:
    beginning = word.removesuffix("*")
    return f'"{word}"' if beginning == word else f'"{beginning}"*'
