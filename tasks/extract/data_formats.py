"""Answers for programs: JSON, feeds, sitemaps and other XML, which are neither a page nor a text."""

from __future__ import annotations

import re
from typing import Final

import orjson

__all__ = ["is_xhtml", "why_for_programs"]

_XML_TYPES: Final = frozenset(
    {"text/xml", "application/xml", "application/rss+xml", "application/atom+xml", "application/rdf+xml"}
)
_JSON_TYPES: Final = frozenset({"application/json", "application/ld+json", "application/feed+json"})
#: The root of a document follows its declarations and remarks, within so many characters from the beginning.
_HEAD: Final = 4_000
_ROOT = re.compile(
    r"\A\s*(?:<\?[^>]{0,300}>\s*|<!--(?:[^-]|-(?!->))*-->\s*|<!DOCTYPE[^>\[]{0,300}(?:\[[^\]]{0,3000}\]\s*)?>\s*)*<([A-Za-z][A-Za-z:]{0,30})",
    re.IGNORECASE,
)
_LISTS = frozenset({"rss", "feed", "rdf:rdf", "urlset", "sitemapindex"})


def is_xhtml(media_type: str, text: str) -> bool:
    """Say whether a text that is declared as XML is a page."""
    return media_type in _XML_TYPES and _root(text) == "html"


def why_for_programs(media_type: str, text: str) -> str | None:
    """Say why a text is none that people read, by its declared type and by its beginning; None if it may be one.

    Servers often declare a feed or an answer of their programming interface as text/html or text/plain.
    """
    if _root(text) in _LISTS:
        return "it is a feed or a sitemap, not a page or a text: name it as a source, to get the articles that it lists"
    if media_type in _JSON_TYPES or _is_json(text):
        return "it is JSON, not a page or a text"
    return "it is XML, not a page or a text" if media_type in _XML_TYPES else None


def _root(text: str) -> str:
    """Give the name of the first element in lower case; empty if the text begins with none."""
    root = _ROOT.match(text[:_HEAD])
    return root[1].lower() if root else ""


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True
