"""Reading the block quotes of a page, and the marks of its inline quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from lxml import html as lxml_html
from lxml.etree import iterwalk

from tasks.extract.paragraphs.quotations import quoted
from tasks.text.prose import normalise_text

__all__ = ["BlockQuote", "letters_of", "read_block_quotes", "with_marks_of_inline_quotes"]

_PULLED = "contains(@class, 'pullquote') or contains(@class, 'pull-quote') or contains(@class, 'pull_quote')"
_BLOCKS = (
    "//blockquote[not(ancestor::blockquote)]"
    f" | //*[not(self::blockquote)][{_PULLED}]"
    f"[not(ancestor::*[self::blockquote or {_PULLED}] or descendant::blockquote)]"
)
# WordPress shows a quote of its style "large" as a pull quote.
_PULL_CLASS = re.compile(r"pull[-_]?quote|\bis-style-large\b|\bwp-block-quote is-large\b", re.IGNORECASE)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_LISTS = frozenset(["li", "ul", "ol", "dl", "dt", "dd", "table", "tr"])
_PARTS = frozenset(["blockquote", "p", "div", "section", "header", "footer", "figure", "figcaption", "pre"])
_BREAKS = _HEADINGS | _LISTS | _PARTS | {"br", "hr"}
_SILENT = frozenset(["script", "style", "template", "noscript"])

#: A page with more block quotes uses them for its layout.
MAX_BLOCKS = 200
#: Extractors join lines of one block; in a larger block, only single lines and the whole are searched for.
MAX_LINES, MAX_CHARACTERS = 12, 20_000

_INLINE = re.compile(r"<q(?:\s[^<>]*+)?>([^<]*+(?:<(?!/?q[\s>/])[^<]*+)*+)</q\s*+>", re.IGNORECASE)
_DEPTH = 3
_MARKED_INSIDE = re.compile(r"^\s*(?:<[^<>]*>\s*)*[“\"„«]")


@dataclass(frozen=True, slots=True)
class BlockQuote:
    """A block quote as the page has it.

    Attributes
    ----------
    lines
        Its paragraphs, without the lines that name the quoted person.
    attribution
        These lines: the contents of ``<cite>`` and ``<footer>``, and lines that begin with a dash.
    pulled
        Whether the page calls it a pull quote, which repeats words of the article.
    plain
        Whether it is another element than ``<blockquote>``; then nothing says that somebody else wrote it.
    """

    lines: tuple[str, ...]
    attribution: str = ""
    pulled: bool = False
    plain: bool = False

    def forms(self) -> Iterator[str]:
        """Give every paragraph that an extractor could make of the block, without its spaces and punctuation."""
        parts = [letters_of(line) for line in self.lines]
        yield from parts
        yield "".join(parts)
        yield letters_of("".join(self.lines) + self.attribution)
        if len(parts) <= MAX_LINES and sum(map(len, parts)) <= MAX_CHARACTERS:
            yield from ("".join(parts[start:end]) for start, end in combinations(range(len(parts) + 1), 2))


def with_marks_of_inline_quotes(page: str) -> str:
    """Replace the tags ``<q>`` and ``</q>`` by quotation marks, as browsers show them."""
    for _ in range(_DEPTH):
        page, count = _INLINE.subn(_with_marks, page)
        if not count:
            break
    return page


def _with_marks(quotation: re.Match[str]) -> str:
    return quotation[1] if _MARKED_INSIDE.match(quotation[1]) else quoted(quotation[1])


def read_block_quotes(tree: lxml_html.HtmlElement | None) -> tuple[BlockQuote, ...]:
    """Collect the outermost block quotes and pull quotes of a page; none if it has too many of them."""
    elements = tree.xpath(_BLOCKS) if tree is not None else []
    blocks = (_block(element) for element in elements) if len(elements) <= MAX_BLOCKS else ()
    return tuple(block for block in blocks if block.lines)


def _block(element: lxml_html.HtmlElement) -> BlockQuote:
    named = {letters_of(str(part.text_content())) for part in element.iter("cite", "footer")}
    lines: list[str] = []
    attribution: list[str] = []
    for line in _lines_of(element):
        is_name = letters_of(line) in named or line.startswith(("—", "–", "- "))
        (attribution if is_name else lines).append(line)
    classes = " ".join(
        str(part.get("class") or "") for part in (element, element.getparent()) if part is not None
    )
    return BlockQuote(
        tuple(lines),
        " ".join(attribution),
        bool(_PULL_CLASS.search(classes)),
        element.tag != "blockquote",
    )


def _lines_of(element: lxml_html.HtmlElement) -> list[str]:
    """Split an element's text where a browser begins a new line."""
    parts: list[str] = []
    silent = 0
    for event, part in iterwalk(element, events=("start", "end")):
        breaks = part.tag in _BREAKS or (part.tag == "cite" and part.getparent() is element)
        silent += (1 if event == "start" else -1) if part.tag in _SILENT else 0
        parts.append("\n" if breaks else "")
        text = part.text if event == "start" else part.tail if part is not element else None
        parts.append(" ".join(text.split("\n")) if text and not silent else "")
    return normalise_text("".join(parts)).split("\n")


def letters_of(text: str) -> str:
    """Give a text without its spaces, punctuation and case, by which a paragraph is found again in another text."""
    return re.sub(r"\W+", "", text).casefold()
