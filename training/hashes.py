"""Hashes of texts and ids: names of texts that are not part of the project, and numbers for repeatable draws."""

from __future__ import annotations

import hashlib

DIGITS = 16


def name_of(text: str) -> str:
    """Return the name by which files of the project refer to a statement or a text: the start of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def number_of(name: str) -> int:
    """Return a number for a draw, such as one in three; it is the same for the same id on every machine."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16)
