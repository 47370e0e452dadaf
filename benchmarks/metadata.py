"""Measure how often title, author, date and kind of a page are extracted correctly, compared with trafilatura alone.

    python -m benchmarks.metadata
    python -m benchmarks.metadata --data DIR

Without ``--data``, the pages are those of the bundled sample: seven invented outlets with a template each, which differ
in markup and in the metadata that they have. The right answers are the data that were put into the templates. Titles
are compared by their words, authors as a set of names, dates by the day. Neither program gets data that a feed or a
configuration would add. Pages of plain text and the teaser behind a paywall are left out. trafilatura does not
distinguish opinion from news.

With ``--data``, the pages are 80 public pages, drawn at random from the article-extraction benchmark of Scrapinghub
(DIR has its layout: ``ground-truth.json`` maps a page's name to its ``url``, and ``html/NAME.html.gz`` is the page).
A person read headline, byline and date of each page; ``metadata_labels.json`` holds them as salted hashes, because the
words belong to others. If a page names an agency or a desk and no person, its name and no name are both right; if
the day differs between the page's time zone and UTC, both days are right. One half of the pages was looked at while the
rules were written, the other half was not.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import logging
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trafilatura.metadata import extract_metadata

from benchmarks.pages import fetched
from flows.sample.corpus import Piece, load_corpus
from flows.sample.render import render_page
from tasks.extract.charset import decode
from tasks.extract.extract import explain_page
from tasks.extract.settings import ExtractSettings
from tasks.page import Page

EVERYTHING = ExtractSettings(languages=(), keep=("opinion", "news", "unknown"), min_words=1, min_quality=0)
FIELDS = ("title", "author", "date", "kind")
LABELS = Path(__file__).with_name("metadata_labels.json")
SALT = "commentariat metadata labels, November 2026: "


@dataclass(frozen=True, slots=True)
class Facts:
    """The metadata of a page, in a form that can be compared."""

    title: tuple[str, ...]
    author: frozenset[str]
    date: str
    kind: str


def _facts(title: str | None, authors: tuple[str, ...], date: str, kind: str) -> Facts:
    words = tuple(re.findall(r"\w+", (title or "").casefold()))
    return Facts(words, frozenset(" ".join(name.casefold().split()) for name in authors if name), date, kind)


def truth(piece: Piece) -> Facts:
    """Return the data from which the page was made; a letter to the editor is opinion."""
    kind = "news" if piece.kind == "news" else "opinion"
    return _facts(piece.title, piece.authors, piece.published.date().isoformat(), kind)


def ours(page: Page) -> Facts:
    """Return the metadata that the extract station finds."""
    article = explain_page(page, EVERYTHING.requirements).article
    if article is None:
        return _facts(None, (), "", "")
    date = article.published_at.date().isoformat() if article.published_at else ""
    return _facts(article.title, article.authors, date, article.kind)


def trafilatura_alone(page: Page) -> Facts:
    """Return the metadata that trafilatura finds, with joined names separated."""
    metadata = extract_metadata(decode(page.body or b"").text)
    authors = tuple(re.split(r"\s*(?:;|,|\band\b)\s*", metadata.author or ""))
    return _facts(metadata.title, authors, metadata.date or "", "")


def _hashed(text: str) -> str:
    """Hash the words of a title or name in the same way as the labels."""
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return hashlib.sha256((SALT + words).encode()).hexdigest()[:20]


def _right(facts: Facts, label: dict[str, Any]) -> set[str]:
    """Return the fields that agree with the label that a person gave."""
    names = sorted(_hashed(name) for name in facts.author)
    checks = {
        "title": _hashed(" ".join(facts.title)) == label["title"],
        "author": names in label["authors"],
        "date": facts.date in label["dates"],
    }
    return {field for field, agrees in checks.items() if agrees}


def score_public_pages(data: Path, *, show: bool) -> None:
    """Print how many fields of the labelled public pages are right, for each half."""
    labels = json.loads(LABELS.read_text(encoding="utf-8"))
    urls = json.loads((data / "ground-truth.json").read_text(encoding="utf-8"))
    right: Counter[tuple[str, str, str]] = Counter()
    pages = Counter(label["half"] for label in labels.values())
    wrong = []
    for name, label in labels.items():
        url = urls[name]["url"]
        page = fetched(url, gzip.decompress((data / "html" / f"{name}.html.gz").read_bytes()))
        for extractor, facts in (("commentariat", ours(page)), ("trafilatura", trafilatura_alone(page))):
            agreed = _right(facts, label)
            right.update((label["half"], extractor, field) for field in agreed)
            if extractor == "commentariat" and label["half"] != "held out":
                wrong += [f"{name[:8]} {f}: {getattr(facts, f)!r}" for f in FIELDS[:3] if f not in agreed]
    for half, count in sorted(pages.items(), reverse=True):
        print(f"{count} pages, {half:<10} commentariat   trafilatura alone")
        for field in FIELDS[:3]:
            shares = [right[half, extractor, field] for extractor in ("commentariat", "trafilatura")]
            print(
                f"{field:<10}{shares[0]:>14} ({shares[0] / count:.0%}){shares[1]:>13} ({shares[1] / count:.0%})"
            )
    if show:
        print("\n".join(["", "wrong in the half tuned on:", *wrong]))


def main() -> None:
    """Score the pages that the options name."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of public pages; without it the sample is scored")
    parser.add_argument("--show", action="store_true", help="list what is wrong in the half tuned on")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if options.data:
        score_public_pages(options.data, show=options.show)
    else:
        score_sample()


def score_sample() -> None:
    """Print a table, and the wrong fields."""
    corpus = load_corpus()
    pieces = [piece for piece in corpus.pieces.values() if not piece.plain and not piece.paywalled]
    right: Mapping[str, Counter[str]] = {"commentariat": Counter(), "trafilatura": Counter()}
    wrong = []
    for piece in pieces:
        page = fetched(piece.url, render_page(piece, corpus))
        wanted = truth(piece)
        for name, facts in (("commentariat", ours(page)), ("trafilatura", trafilatura_alone(page))):
            for field in FIELDS:
                if getattr(facts, field) == getattr(wanted, field):
                    right[name][field] += 1
                elif name == "commentariat":
                    wrong.append(
                        f"{piece.key} {field}: {getattr(facts, field)!r}, not {getattr(wanted, field)!r}"
                    )
    print(f"{len(pieces)} pages    commentariat   trafilatura alone")
    for field in FIELDS:
        shares = [f"{right[name][field] / len(pieces):.1%}" for name in right]
        print(f"{field:<10}{shares[0]:>14}{shares[1] if field != 'kind' else '-':>20}")
    print("\n".join(["", "wrong:", *wrong]) if wrong else "\nnothing wrong")


if __name__ == "__main__":
    main()
