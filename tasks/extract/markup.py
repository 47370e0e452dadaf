"""HTML in texts that are declared to be plain, as database exports and the text columns of tables have it."""

from __future__ import annotations

import re
from html import unescape
from itertools import islice
from typing import Final

__all__ = ["HTML_TYPES", "as_page", "without_inline_marks"]

HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
#: One tag or reference may be what the text is about; several were left in it by a program.
_SEVERAL = 2

_BLOCK_TAG = re.compile(r"</?(?:p|div)(?:\s[^<>]{0,500})?>|<br\s*/?>", re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:p|div|h[1-6]|ul|ol|li|dl|dd|dt|blockquote|figure|figcaption|table|tbody|thead|tr|td|th|pre|section|article"
    r"|aside|header|footer|main|nav|script|style)\b",
    re.IGNORECASE,
)
_INLINE = r"(?:a|abbr|b|cite|code|em|i|mark|q|s|small|span|strong|sub|sup|u)"
_INLINE_TAG = re.compile(rf"<{_INLINE}(?:\s[^<>]{{0,500}})?>|</{_INLINE}\s*>", re.IGNORECASE)
_INLINE_END = re.compile(rf"</{_INLINE}\s*>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#[xX][0-9A-Fa-f]{2,5});")
_WHOLE_PAGE = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
_BLANK = re.compile(r"\n[ \t]*\n+")


def as_page(text: str) -> str | None:
    """Make a page of a text whose paragraphs are marked by tags; None if they are not.

    Paragraphs that only blank lines separate get tags too. The tags may be escaped (``&lt;p&gt;``).
    """
    if not _is_several(_BLOCK_TAG, text):
        text = unescape(text)
    if not _is_several(_BLOCK_TAG, text):
        return None
    if _WHOLE_PAGE.search(text):
        return text
    parts = (part for part in _BLANK.split(text.strip()) if part.strip())
    blocks = "\n\n".join(part if _BLOCK.search(part) else f"<p>{part}</p>" for part in parts)
    # Extractors leave out the lists of an article that is not in a whole page.
    return f"<html><head></head><body><article>{blocks}</article></body></html>"


def without_inline_marks(text: str) -> str:
    """Remove tags such as ``<em>`` and resolve references such as ``&ldquo;``, each only if the text has several."""
    if _is_several(_INLINE_END, text):
        text = _INLINE_TAG.sub("", text)
    return unescape(text) if _is_several(_REFERENCE, text) else text


def _is_several(pattern: re.Pattern[str], text: str) -> bool:
    return len(list(islice(pattern.finditer(text), _SEVERAL))) == _SEVERAL
