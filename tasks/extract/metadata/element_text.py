"""The text of a heading or a caption in one line; words that a page shows apart are not joined to one word."""

from __future__ import annotations

from itertools import islice

from lxml import html as lxml_html
from lxml.etree import iterwalk

from tasks.extract.kind import is_kind_label

__all__ = ["heading_of", "text_of"]

_LINE_BREAKS = frozenset(
    [
        *("br", "hr", "p", "div", "section", "header", "footer", "blockquote"),
        *("address", "figure", "figcaption", "table", "tr", "td", "th", "dl", "dt", "dd"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li"),
    ]
)
#: Elements in which templates put a label. A word in italics or bold letters belongs to the sentence.
_OF_LABELS = frozenset(["a", "div", "p", "small", "span"])
#: A label is one of the first elements of a heading, and has few beside it: headlines are divided into words too.
_FIRST, _BESIDE = 8, 3
#: No heading is longer; the time grows with the elements in it.
_LONGEST = 2_000


def text_of(element: lxml_html.HtmlElement | None) -> str | None:
    """Give the text of an element, with a space where a browser begins a new line."""
    if element is None:
        return None
    whole = str(element.text_content())
    return " ".join((_spaced(element) if len(whole) <= _LONGEST else whole).split()) or None


def heading_of(element: lxml_html.HtmlElement) -> str | None:
    """Give the text of a heading; a label in an element of its own is set off as in a title: "Opinion | ..."."""
    text = text_of(element)
    for part in islice(element.iterdescendants(*_OF_LABELS), _FIRST if text else 0):
        label = text_of(part)
        if text and label and text.startswith(label) and _stands_apart(part) and is_kind_label(label):
            rest = text[len(label) :].lstrip(" |•·»:–—-")
            return f"{label} | {rest}" if rest and not rest[0].islower() else text
    return text


def _spaced(element: lxml_html.HtmlElement) -> str:
    pieces: list[str] = []
    for event, part in iterwalk(element, events=("start", "end")):
        if part.tag in _LINE_BREAKS:
            pieces.append(" ")
        if event == "start":
            pieces.append(part.text or "")
        elif part is not element:
            pieces.append(part.tail or (" " if _ends_a_line(part) else ""))
    return "".join(pieces)


def _ends_a_line(part: lxml_html.HtmlElement) -> bool:
    """Say whether an element and the next one, with nothing between them, are two lines: "Opinion", "The harbour ...".

    The letters of one word may be in two elements too, as those after a large first letter.
    """
    following = part.getnext()
    before = str(part.text_content()).strip()
    behind = str(following.text_content()).strip() if following is not None else ""
    if len(before) < 2 or not behind[:1].isupper() or before.endswith(("-", "’", "'")):
        return False
    return not (before[-1].isupper() and behind[1:2].isupper())


def _stands_apart(part: lxml_html.HtmlElement) -> bool:
    """Say whether a part of a heading is followed by another element or a line break, and by no words of a sentence."""
    parent = part.getparent()
    is_alone = part.getnext() is not None and not (part.tail or "").strip()
    return is_alone and parent is not None and len(parent) <= _BESIDE
