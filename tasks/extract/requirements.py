"""What a page must be for its text to be stored: the part of the settings that a worker process needs."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.article import Kind

__all__ = ["Requirements"]


@dataclass(frozen=True, slots=True)
class Requirements:
    """The settings of the same names in :class:`tasks.extract.settings.ExtractSettings`, which checks them.

    That class belongs to the configuration, and needs a library that takes 13 MB of memory in every worker process.
    """

    languages: tuple[str, ...]
    keep: tuple[Kind, ...]
    min_words: int
    min_quality: float
