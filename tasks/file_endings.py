"""The endings of the names of files, in small letters and with their dots, by what such a file holds."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["DELIMITED", "FEEDS", "HAVE_ROWS", "JSON_LINES", "MEDIA_TYPES", "PARQUET", "TABLES"]

MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".html": "text/html",
        ".htm": "text/html",
        ".xhtml": "application/xhtml+xml",
        ".txt": "text/plain",
        ".text": "text/plain",
        ".md": "text/markdown",
        ".markdown": "text/markdown",
    }
)
"""The media types of pages and texts."""

DELIMITED: Final = (".csv", ".tsv")

TABLES: Final = (*DELIMITED, ".xlsx")
"""Files that are sources of type ``table``, and never read as a part of a folder."""

JSON_LINES: Final = (".jsonl", ".ndjson")

PARQUET: Final = (".parquet", ".pq")

HAVE_ROWS: Final = (*JSON_LINES, *PARQUET)
"""Files with one article a row that are read in a folder too."""

FEEDS: Final = (".xml", ".rss", ".atom")
