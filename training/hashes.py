"""Hashes of texts and ids: names for texts that are not part of the project, and draws that are the same each time."""

from __future__ import annotations

import hashlib

DIGITS = 16


def name_of(text: str) -> str:
    """By which name files of the project speak of a statement or a passage: the start of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def number_of(name: str) -> int:
    """Give a number to draw by, such as one of so many: the same on every machine for the same id."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16)
