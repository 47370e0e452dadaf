"""Names and dates between the headline and the text, for pages whose markup does not give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree
from lxml import html as lxml_html

from tasks.extract.metadata.authors import byline_names, lists_people, names_in_byline

__all__ = ["Byline", "bylines", "dates_under_heading", "elements_above_the_text"]

_IS_AUTHOR = (
    "@rel='author' or @itemprop='author' or contains(concat(' ', @class, ' '), ' byline ')"
    " or contains(concat(' ', @class, ' '), ' author ')"
)
_MAX_BYLINES = 6
# Number of text blocks after the headline in which a byline may be; a later one belongs to another article.
_BLOCKS = 12
_BLOCK = "following::*[self::p or self::div or self::span or self::address or self::section or self::li]"
_PARTS = "descendant::*[self::p or self::div or self::section or self::li or self::article or self::ul or self::table]"
# A longer block is a paragraph of the text, or the standfirst.
_LONGEST = 160
_LONGEST_STANDFIRST = 400
_SENTENCE = 6
_LINE_BREAKS = frozenset(
    ["br", "p", "div", "li", "ul", "section", "address", "h1", "h2", "h3", "h4", "td", "tr"]
)

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DATE = re.compile(
    rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b|\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}\b"
)
# Words in small letters beside a date that is in no sentence: "Published on ... at 10:15 a.m.", "5 min read".
_BESIDE_DATES = re.compile(
    r"(?:published|posted|updated|modified|created|last|first|on|at|by|and|in|for|[ap]\.?m|min(?:ute)?s?|read"
    r"|comments?|shares?)\.?"
)
_MOST_WORDS_BESIDE = 8
_WORD = re.compile(r"[^\W\d_]+(?:[.'’][^\W\d_]+)*\.?")


class Byline(NamedTuple):
    """The names in one byline, and whether it certainly names several people."""

    names: tuple[str, ...]
    is_list: bool


def bylines(tree: lxml_html.HtmlElement, outlet: str | None) -> list[Byline]:
    """Read each byline of the page, the most certain first.

    Bylines that the markup shows come before those that only their words show. Below the beginning of the text, a
    byline counts only if it is in the element of the article, and last.
    """
    above = elements_above_the_text(tree, _IS_AUTHOR)[:_MAX_BYLINES]
    inside = tree.xpath(f"(//article[.//h1])[1]//*[{_IS_AUTHOR}]")[:_MAX_BYLINES]
    under = [line for line in _lines_under_heading(tree) if byline_names(line)][:1]
    lines = [*_bylines_in(above), *under, *_bylines_in(inside)]
    named_lines = [(names_in_byline(line, outlet), line) for line in lines]
    return [Byline(names, lists_people(line, names)) for names, line in named_lines if names]


def dates_under_heading(tree: lxml_html.HtmlElement) -> list[str]:
    """Give the written dates between the headline and the text, in page order, without those in sentences."""
    return [date for line in _lines_under_heading(tree) for date in _dates_in(line)]


def elements_above_the_text(tree: lxml_html.HtmlElement, condition: str) -> list[lxml_html.HtmlElement]:
    """Find elements by an XPath condition, without those below headline, standfirst and first paragraph.

    Below it, names and times may belong to the teasers of other articles.
    """
    paragraphs = tree.xpath(
        f"((//h1[normalize-space()])[1]/following::p[string-length(normalize-space()) > {_LONGEST}])[position() < 3]"
    )
    if paragraphs and len(" ".join(paragraphs[0].text_content().split())) <= _LONGEST_STANDFIRST:
        paragraphs.pop(0)
    if not paragraphs:
        return list(tree.xpath(f"//*[{condition}]"))
    return list(paragraphs[0].xpath(f"preceding::*[{condition}]"))


def _lines_under_heading(tree: lxml_html.HtmlElement) -> Iterator[str]:
    for heading in tree.xpath("//h1[normalize-space()]")[:3]:
        blocks = sentences = 0
        for block in heading.xpath(_BLOCK):
            text = " ".join(str(block.text_content()).split())
            if not text:
                continue
            if len(text) > _LONGEST and _is_container(block):
                continue
            blocks += 1
            sentences += len(text) > _LONGEST or (
                block.tag == "p" and text.endswith((".", "!", "?")) and len(text.split()) >= _SENTENCE
            )
            # One paragraph may be the standfirst; the second one is the text.
            if blocks > _BLOCKS or sentences > 1 or len(text) > _LONGEST_STANDFIRST:
                break
            if len(text) <= _LONGEST:
                yield from _lines_of(block)


def _lines_of(element: lxml_html.HtmlElement) -> list[str]:
    """Give the text of an element by lines; the words of different elements are not joined to one word."""
    pieces: list[str] = []
    for event, part in etree.iterwalk(element, events=("start", "end")):
        pieces.append("\0" if part.tag in _LINE_BREAKS else " ")
        if event == "start":
            pieces.append(part.text or "")
        elif part is not element:
            pieces.append(part.tail or "")
    lines: list[str] = []
    for piece in "".join(pieces).split("\0"):
        line = re.sub(r"\s(?=[,.;:])", "", " ".join(piece.split()))
        if lines and lines[-1].casefold().strip(" :") == "by":
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
    return lines


def _bylines_in(elements: Iterable[lxml_html.HtmlElement]) -> Iterator[str]:
    for element in elements:
        for line in _lines_of(element):
            if 2 <= len(line.split()) <= 12 and re.match(r"^by\b", line, re.IGNORECASE):
                yield line


def _is_container(block: lxml_html.HtmlElement) -> bool:
    """Say whether a block holds other blocks and no paragraph of its own."""
    own = sum(len(" ".join(str(text).split())) for text in block.xpath("text()"))
    return own <= _LONGEST and bool(block.xpath(f"boolean({_PARTS})"))


def _dates_in(line: str) -> Iterator[str]:
    """Find the dates in a line that is no sentence: beside them are only names, labels and a time."""
    for match in _DATE.finditer(line):
        beside = _WORD.findall(line[: match.start()] + " " + line[match.end() :])
        small = [word for word in beside if word[0].islower() and not _BESIDE_DATES.fullmatch(word)]
        if byline_names(line) or (not small and len(beside) <= _MOST_WORDS_BESIDE):
            yield match[0]
