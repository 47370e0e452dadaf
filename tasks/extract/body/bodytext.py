"""The body of a page, extracted by several libraries that confirm each other.

trafilatura reads the page first. resiliparse, which is forty times as fast, reads it too. If both agree, the text is
right in nearly all cases, and trafilatura's text is used. If they differ, three more methods read the page. Then the
text that is most similar to all the others is used: the medoid of the candidates, where similarity is measured by
shared word 4-grams.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import justext  # type: ignore[import-untyped]  # ships no types
import trafilatura
from readability import Document
from resiliparse.extract.html2text import extract_plain_text
from trafilatura.metadata import extract_metadata

from tasks.text.prose import count_words, normalise_text, words_of

__all__ = ["BodyText", "extract_body", "likeness", "load_extractors", "shingles"]

#: If their texts have at least this likeness, trafilatura and resiliparse confirm each other.
AGREEMENT = 0.9
SHINGLE = 4
#: With fewer words than this share of trafilatura's, resiliparse may have passed over the body.
BESIDE_SHARE = 0.25

#: With more words, a row of a table is the layout of a page: a menu in one cell, the article in another.
ROW_WORDS = 150
#: With more words, a cell holds a paragraph, as in letters that have a row for each.
CELL_WORDS = 20
_TABLE_TAG = re.compile(r"<(/?)(?:table|tbody|thead|tr|td|th)\b[^<>]{0,500}>", re.IGNORECASE)

Shingles = Counter[tuple[str, ...]]

# Their errors on a page that is no page are kept in `BodyText.failed`; the libraries log them too, with a traceback.
for _library in ("readability", "trafilatura", "justext"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)

# The stop-word lists of jusText, by ISO 639-1 code.
_STOPLISTS: Mapping[str, str] = dict(
    pair.split(":")
    for pair in [
        "ar:Arabic",
        "cs:Czech",
        "da:Danish",
        "de:German",
        "el:Greek",
        "en:English",
        "es:Spanish",
        "fi:Finnish",
        "fr:French",
        "hu:Hungarian",
        "id:Indonesian",
        "it:Italian",
        "ko:Korean",
        "nl:Dutch",
        "no:Norwegian_Bokmal",
        "pl:Polish",
        "pt:Portuguese",
        "ro:Romanian",
        "ru:Russian",
        "sv:Swedish",
        "tr:Turkish",
        "uk:Ukrainian",
        "vi:Vietnamese",
    ]
)


@dataclass(frozen=True, slots=True)
class BodyText:
    """The text of a page's main part.

    Attributes
    ----------
    text
        Paragraphs separated by one newline.
    extractor
        The method whose text was used.
    agreement
        Likeness of trafilatura's and resiliparse's texts, 0 to 1: a confidence in both. If resiliparse took no part of
        the body, it is that of trafilatura's and readability's texts.
    likeness
        For each candidate, its mean likeness to the others; empty if the first two agreed.
    page_text
        All text that is visible on the page, for comparison.
    failed
        The methods that failed on this page, with their errors.
    """

    text: str
    extractor: str
    agreement: float
    likeness: Mapping[str, float]
    page_text: str
    failed: Mapping[str, str] = field(default_factory=dict)


def extract_body(page: str, language: str | None = None) -> BodyText:
    """Extract the main text of an HTML page; the tables with which old pages are laid out are none of its text.

    Parameters
    ----------
    page
        The page's characters.
    language
        The language that the page declares, for the stop words of one of the candidates.

    Returns
    -------
    BodyText
        The text is empty if no library finds one.
    """
    body = _extract(page, language)
    return _extract(_TABLE_TAG.sub(r"<\1div>", page), language) if _is_laid_out(body.text) else body


def _is_laid_out(text: str) -> bool:
    """Say whether rows of tables are a page's layout: one is long, or those with paragraphs are most of the text."""
    rows = [line for line in text.split("\n") if line.startswith("|")]
    if any(count_words(row) > ROW_WORDS for row in rows):
        return True
    paragraphs = [row for row in rows if max(map(count_words, row.split("|"))) > CELL_WORDS]
    return 2 * sum(map(count_words, paragraphs)) > count_words(text) if paragraphs else False


def _extract(page: str, language: str | None) -> BodyText:
    failed: dict[str, str] = {}
    texts: dict[str, str] = {}

    def attempt(name: str, read: Callable[[], str | None]) -> None:
        try:
            texts[name] = normalise_text(read() or "")
        except MemoryError:
            raise
        except Exception as error:
            failed[name] = f"{type(error).__name__}: {error}"[:200]
            texts[name] = ""

    attempt("page", lambda: extract_plain_text(page, alt_texts=False, list_bullets=False))
    page_text = texts.pop("page")
    attempt("resiliparse", lambda: _resiliparse(page))
    attempt("trafilatura", lambda: trafilatura.extract(page, fast=True, include_comments=False))
    counted = {name: shingles(text) for name, text in texts.items()}
    agreement = likeness(counted["trafilatura"], counted["resiliparse"])
    if agreement >= AGREEMENT and texts["trafilatura"]:
        return BodyText(texts["trafilatura"], "trafilatura", agreement, {}, page_text, failed)

    attempt(
        "trafilatura-precise", lambda: trafilatura.extract(page, favor_precision=True, include_comments=False)
    )
    attempt("readability", lambda: _readability(page))
    attempt("justext", lambda: _justext(page, language))
    # A method that found nothing has no influence on the choice.
    counted = {name: counted.get(name) or shingles(text) for name, text in texts.items() if text}
    if not counted:
        return BodyText("", "none", 0.0, {}, page_text, failed)
    if _is_beside(texts, agreement) and "readability" in counted:
        agreement = likeness(counted["trafilatura"], counted["readability"])
    means = {
        name: sum(likeness(own, other) for rival, other in counted.items() if rival != name)
        / max(len(counted) - 1, 1)
        for name, own in counted.items()
    }
    # Among equal candidates, the one whose library has the better score alone is used.
    order = ("trafilatura", "trafilatura-precise", "readability", "resiliparse", "justext")
    best = max(means, key=lambda name: (means[name], -order.index(name)))
    return BodyText(texts[best], best, agreement, means, page_text, failed)


def _is_beside(texts: Mapping[str, str], agreement: float) -> bool:
    """Whether resiliparse passed over the body: it has nothing of trafilatura's text, and little of its own.

    Some classes of the body's element, such as ``newsletter-post``, make it do so.
    """
    words = count_words(texts["trafilatura"])
    return agreement == 0 and words > 0 and count_words(texts["resiliparse"]) < BESIDE_SHARE * words


def load_extractors() -> None:
    """Load the data that the methods load at their first use, so that no page has to wait for it."""
    page = "<html><body><p>Any page will do, as long as it has some words in a paragraph.</p></body></html>"
    extract_body(page)
    trafilatura.extract(page, favor_precision=True)
    extract_metadata(page)
    _readability(page)
    _justext(page, None)


def shingles(text: str) -> Shingles:
    """Count the word 4-grams of a text; a shorter text counts as one gram."""
    words = words_of(text)
    if not words:
        return Counter()
    return Counter(tuple(words[start : start + SHINGLE]) for start in range(max(1, len(words) - SHINGLE + 1)))


def likeness(left: Shingles, right: Shingles) -> float:
    """Return the F1 of one text's shingles against the other's: 1 for the same text, 0 if nothing is shared."""
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0


def _resiliparse(page: str) -> str:
    return str(extract_plain_text(page, main_content=True, alt_texts=False, list_bullets=False))


def _readability(page: str) -> str:
    # readability refuses characters that XML does not allow, and input that is not a page at all.
    summary = Document(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", page)).summary(html_partial=True)
    return str(extract_plain_text(summary, alt_texts=False, list_bullets=False))


def _justext(page: str, language: str | None) -> str:
    name = _STOPLISTS.get((language or "en").split("-")[0].lower(), "English")
    kept = justext.justext(page.encode("utf-8"), justext.get_stoplist(name), encoding="utf-8")
    return "\n".join(paragraph.text for paragraph in kept if not paragraph.is_boilerplate)
