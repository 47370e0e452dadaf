"""The tree of an HTML page, and the limits of its structure."""

from __future__ import annotations

import re

from lxml import html as lxml_html

__all__ = ["parse_html", "too_complex"]

#: No article has more tags or deeper nesting; the time of the libraries grows with the square of both.
MAX_TAGS = 60_000
MAX_NESTING = 2_000
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
# Elements that need no end tag cannot be nested.
_LEAVES = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "p", "li", "td", "th", "tr", "tbody", "thead", "dt", "dd", "option",
))  # fmt: skip


def parse_html(page: str) -> lxml_html.HtmlElement | None:
    """Parse a page into a tree; None if there is nothing to parse.

    An XML declaration with an encoding is removed first, because the characters are already decoded.
    """
    stripped = re.sub(r"^\s*<\?xml[^>]*\?>", "", page)
    if not stripped.strip():
        return None
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=False)
    try:
        return lxml_html.document_fromstring(stripped.encode("utf-8"), parser=parser)
    except (ValueError, AssertionError, lxml_html.etree.LxmlError):
        # Empty documents, and documents that exceed the parser's own limits.
        return None


def too_complex(page: str) -> str | None:
    """Say why the structure of a page cannot be that of an article; None for an ordinary page."""
    tags = page.count("<")
    if tags > MAX_TAGS:
        return f"{tags:,} tags: no article is built like this"
    depth = deepest = 0
    if tags > MAX_NESTING:
        for match in _TAG.finditer(page):
            if match[2].lower() not in _LEAVES:
                depth = max(0, depth + (-1 if match[1] else 1))
                deepest = max(deepest, depth)
    return f"tags nested {deepest:,} deep: no article is built like this" if deepest > MAX_NESTING else None
