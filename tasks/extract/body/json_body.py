"""The text of an article in its page's JSON-LD, for pages that show no text or only the first part of it."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import unescape

from tasks.extract.body.bodytext import extract_body, shingles
from tasks.extract.editorial.editorial import split_editorial
from tasks.extract.metadata.page_data import PageData
from tasks.extract.plain_text.markup import as_page, without_inline_marks
from tasks.text.characters import clean_characters
from tasks.text.prose import SENTENCE_END, count_words, paragraphs_of

__all__ = ["whole_text", "without_data"]

#: If a page has less text than this, its JSON-LD is searched for the article, because script-built pages hold it there.
RESCUE_WORDS = 100
#: The text in the JSON-LD is used if it has more than so many times the words that the page shows.
RESCUE_TIMES, WHOLE_TIMES = 2.0, 1.3
#: Shorter paragraphs (bylines, labels, headings) may be missing in the JSON-LD.
PARAGRAPH_WORDS = 12
#: So much of a paragraph must be found again, and of all paragraphs.
SHARE = 0.8

#: So many of the longest paragraphs are searched for, each in all of the text.
MAX_PARAGRAPHS = 500

# Some programs escape the plus sign of the type, and parsers resolve it.
_JSON_LD = re.compile(
    r"(\btype\s{0,5}=\s{0,5}[\"']?application/)ld(?:\+|&#0{0,3}43;|&#x0{0,2}2b;|&plus;)(?=json)",
    re.IGNORECASE,
)
# Templates that remove tags leave no space between two paragraphs: "... votes on it.I have lived ..."
_SEAM = re.compile(r"(?<=[a-z][a-z])([.!?][”\"’)]?)(?=[“\"‘]?[A-Z][a-z’' ])")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?…]) (?=[“\"‘]?[A-Z])")


def whole_text(
    data: PageData, shown: str, *, title: str | None = None, authors: Collection[str] = ()
) -> str | None:
    """Give the article's text from the JSON-LD, if the page shows only a part of it; otherwise None.

    The JSON-LD of some pages holds everything in one line: the paragraphs, the author's biography and appeals. Its
    paragraphs are parted where those on the page begin and end, and it is not used if it has fewer of them, or hardly
    more of the author's words.

    Parameters
    ----------
    data
        The page's machine-readable data.
    shown
        The text that was extracted from the page.
    title
        The article's title.
    authors
        The authors that the page states.
    """
    words = count_words(shown)
    stated = _stated_text(data)
    if stated is None:
        return None
    if words < RESCUE_WORDS and count_words(stated) > RESCUE_TIMES * words:
        return stated
    if count_words(stated) <= WHOLE_TIMES * words or not _contains(stated, shown):
        return None
    whole = _parted(stated, shown)
    own = split_editorial(paragraphs_of(shown), title=title, authors=authors).body
    # The sentences of a long line are looked at one by one, because a biography or an appeal may be among them.
    lines = [part for line in whole for part in ([line] if line in own else _BETWEEN_SENTENCES.split(line))]
    theirs = split_editorial(lines, title=title, authors=authors).body
    more = sum(map(count_words, theirs)) > WHOLE_TIMES * sum(map(count_words, own))
    return "\n".join(whole) if more and len(whole) >= len(own) else None


def without_data(page: str) -> str:
    """Hide the JSON-LD of a page from the extractors, which read a text in it if the page itself shows hardly any."""
    return _JSON_LD.sub(r"\1", page)


def _stated_text(data: PageData) -> str | None:
    value = data.article.get("articleBody")
    text = clean_characters(unescape(value)).strip() if isinstance(value, str) else ""
    # Some sites put HTML into this field; a single tag inside of it may be what the text is about.
    has_tags = text.startswith("<p") or text.count("<p") > 1
    marked = as_page(text) or (f"<article>{text}</article>" if has_tags else None)
    if marked is not None:
        return extract_body(marked).text
    text = without_inline_marks(text)
    return (text if "\n" in text else _SEAM.sub(r"\1\n", text)) or None


def _parted(whole: str, part: str) -> list[str]:
    """Split a text also where a paragraph of a part of it, which it holds word for word, begins and ends."""
    text = "\n".join(paragraphs_of(whole))
    for paragraph in sorted(set(paragraphs_of(part)), key=len, reverse=True)[:MAX_PARAGRAPHS]:
        # Shorter ones may be inside of a sentence, and one that is cut off goes on.
        if count_words(paragraph) >= PARAGRAPH_WORDS and SENTENCE_END.search(paragraph):
            text = text.replace(paragraph, f"\n{paragraph}\n", 1)
    return paragraphs_of(text)


def _contains(whole: str, part: str) -> bool:
    """Whether nearly all paragraphs of a text are in another one."""
    held = shingles(whole)
    total = contained = 0
    for paragraph in paragraphs_of(part):
        own = shingles(paragraph)
        if count_words(paragraph) >= PARAGRAPH_WORDS:
            total += own.total()
            contained += own.total() if (own & held).total() >= SHARE * own.total() else 0
    return contained > SHARE * total
