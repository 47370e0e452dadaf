"""Names and dates between the headline and the text, for pages whose markup does not give them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import html as lxml_html

from tasks.extract.authors import byline_names

__all__ = ["byline_under_heading", "dates_under_heading"]

# Number of text blocks after the headline in which a byline may be; a later one belongs to another article.
_BLOCKS = 12
_BLOCK = "following::*[self::p or self::div or self::span or self::address or self::section or self::li]"
_LONGEST = 160


_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DATE = re.compile(
    rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b|\b\d{{1,2}}\s+{_MONTH},?\s+\d{{4}}\b"
)


def byline_under_heading(tree: lxml_html.HtmlElement) -> tuple[str, ...]:
    """Read the names in the first byline after the headline; empty if there is no byline."""
    return next((names for line in _lines_under_heading(tree) if (names := byline_names(line))), ())


def dates_under_heading(tree: lxml_html.HtmlElement) -> list[str]:
    """Give the written dates after the headline, in page order."""
    return [match[0] for line in _lines_under_heading(tree) for match in _DATE.finditer(line)]


def _lines_under_heading(tree: lxml_html.HtmlElement) -> Iterator[str]:
    for heading in tree.xpath("//h1[normalize-space()]")[:3]:
        texts = (" ".join(str(block.text_content()).split()) for block in heading.xpath(_BLOCK))
        yield from islice((text for text in texts if text and len(text) <= _LONGEST), _BLOCKS)
