"""How often title, author, date and kind of a page come out right, beside trafilatura alone.

    python benchmarks/metadata.py

Scored on the pages of the bundled sample: seven invented outlets with a template each, which differ in markup and in
how much metadata they give. What is right is what the templates were filled with. Titles are compared by their words,
authors as a set of names, dates by the day. Nothing that a feed or a configuration would add is given to either.
Pages of plain text and the teaser behind a paywall are left out. trafilatura does not tell opinion from news.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from trafilatura.metadata import extract_metadata

from flows.sample.corpus import Piece, load_corpus
from flows.sample.render import render_page
from tasks.extract.charset import decode
from tasks.extract.extract import ExtractSettings, explain_page
from tasks.item import Item
from tasks.page import Page
from tasks.urls import article_id

EVERYTHING = ExtractSettings(languages=(), keep=("opinion", "news", "unknown"), min_words=1, min_quality=0)
FIELDS = ("title", "author", "date", "kind")
READ_AT = datetime(2026, 11, 24, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a page, in a form that can be compared."""

    title: tuple[str, ...]
    author: frozenset[str]
    date: str
    kind: str


def _facts(title: str | None, authors: tuple[str, ...], date: str, kind: str) -> Facts:
    words = tuple(re.findall(r"\w+", (title or "").casefold()))
    return Facts(words, frozenset(" ".join(name.casefold().split()) for name in authors if name), date, kind)


def truth(piece: Piece) -> Facts:
    """Give what the page was made of; a letter to the editor is opinion."""
    kind = "news" if piece.kind == "news" else "opinion"
    return _facts(piece.title, piece.authors, piece.published.date().isoformat(), kind)


def ours(page: Page) -> Facts:
    """Give what the extract station says."""
    article = explain_page(page, EVERYTHING).article
    if article is None:
        return _facts(None, (), "", "")
    date = article.published_at.date().isoformat() if article.published_at else ""
    return _facts(article.title, article.authors, date, article.kind)


def trafilatura_alone(page: Page) -> Facts:
    """Give what trafilatura says, its names taken apart where it joins them."""
    found = extract_metadata(decode(page.body or b"").text)
    authors = tuple(re.split(r"\s*(?:;|,|\band\b)\s*", found.author or ""))
    return _facts(found.title, authors, found.date or "", "")


def main() -> None:
    """Print a table, and what was wrong."""
    logging.disable(logging.CRITICAL)
    corpus = load_corpus()
    pieces = [piece for piece in corpus.pieces.values() if not piece.plain and not piece.paywalled]
    right: Mapping[str, Counter[str]] = {"commentariat": Counter(), "trafilatura": Counter()}
    wrong = []
    for piece in pieces:
        item = Item(url=piece.url, article_id=article_id(piece.url), source="benchmark")
        body = render_page(piece, corpus)
        page = Page(item, body, "text/html", None, 200, piece.url, None, None, False, 0.0, READ_AT)
        wanted = truth(piece)
        for name, found in (("commentariat", ours(page)), ("trafilatura", trafilatura_alone(page))):
            for field in FIELDS:
                if getattr(found, field) == getattr(wanted, field):
                    right[name][field] += 1
                elif name == "commentariat":
                    wrong.append(
                        f"{piece.key} {field}: {getattr(found, field)!r}, not {getattr(wanted, field)!r}"
                    )
    print(f"{len(pieces)} pages    commentariat   trafilatura alone")
    for field in FIELDS:
        shares = [f"{right[name][field] / len(pieces):.1%}" for name in right]
        print(f"{field:<10}{shares[0]:>14}{shares[1] if field != 'kind' else '-':>20}")
    print("\n".join(["", "wrong:", *wrong]) if wrong else "\nnothing wrong")


if __name__ == "__main__":
    main()
