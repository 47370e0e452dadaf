"""Measure how exactly extraction takes the article, and nothing else, out of a page.

    python -m benchmarks.extract --data DIR [--compare] [--workers N]

DIR has the layout of the public article-extraction benchmark of Scrapinghub (MIT): ``ground-truth.json`` maps a
page's name to ``url`` and ``articleBody``, and ``html/NAME.html.gz`` is the page. If an entry also has ``headline``,
``author`` or ``datePublished``, these are scored too.

The score of a text is precision, recall and F1 over word 4-grams, averaged over pages, as that benchmark defines
it. ``--compare`` also scores single libraries on the same pages.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import trafilatura
from readability import Document
from resiliparse.extract.html2text import extract_plain_text

from benchmarks.pages import fetched
from tasks.extract.charset import decode
from tasks.extract.settings import ExtractSettings
from tasks.extract.workers import Workers
from tasks.page import Page

TOKEN = re.compile(r"\w+")
EVERYTHING = ExtractSettings(
    languages=(), keep=("opinion", "news", "unknown"), min_words=1, min_quality=0, page_seconds=60
)


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 over all pages."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of the two averages."""
        return 2 * self.precision * self.recall / (self.precision + self.recall or 1)


def grams(text: str) -> Counter[tuple[str, ...]]:
    """Count the word 4-grams; a text of fewer words counts as one 4-gram."""
    words = TOKEN.findall(text)
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3)))


def score_texts(truth: Mapping[str, str], extracted: Mapping[str, str]) -> Score:
    """Compare extracted texts with the texts that people marked."""
    precision = recall = 0.0
    for name, wanted in truth.items():
        right, ours = grams(wanted), grams(extracted.get(name, ""))
        shared = (right & ours).total()
        precision += shared / ours.total()
        recall += shared / right.total()
    return Score(precision / len(truth), recall / len(truth))


def load_pages(data: Path) -> tuple[dict[str, dict[str, str]], dict[str, Page]]:
    """Read the marked texts and the pages."""
    truth: dict[str, dict[str, str]] = json.loads((data / "ground-truth.json").read_text(encoding="utf-8"))
    now = datetime.now(UTC)
    pages = {}
    for name, entry in truth.items():
        body = gzip.decompress((data / "html" / f"{name}.html.gz").read_bytes())
        url = entry.get("url") or f"https://page.example/{name}"
        pages[name] = fetched(url, body, now)
    return truth, pages


def ours(
    pages: Mapping[str, Page], workers: int
) -> tuple[dict[str, str], dict[str, dict[str, str]], float, int]:
    """Extract in worker processes, as a night does; return texts, metadata, pages per second and number of failures."""
    texts, metadata, failures = {}, {}, 0
    with Workers(EVERYTHING.model_copy(update={"workers": workers})) as pool:
        # The processes are started once in a night, so the start is not measured.
        pool.explain(list(pages.values())[: 2 * workers])
        started = time.perf_counter()
        results = pool.explain(list(pages.values()))
        rate = len(pages) / (time.perf_counter() - started)
    for name, explained in zip(pages, results, strict=True):
        article = explained.article
        if article is None:
            failures += 1
            continue
        texts[name] = article.text
        metadata[name] = {
            "headline": article.title or "",
            "author": "; ".join(article.authors),
            "datePublished": article.published_at.date().isoformat() if article.published_at else "",
        }
    return texts, metadata, rate, failures


def single_libraries(pages: Mapping[str, Page]) -> Iterable[tuple[str, dict[str, str], float]]:
    """Extract with one library at a time, in this process."""
    extractors: dict[str, Callable[[str], str | None]] = {
        "trafilatura": lambda page: trafilatura.extract(page, include_comments=False),
        "readability-lxml": lambda page: extract_plain_text(
            Document(page).summary(html_partial=True), list_bullets=False
        ),
        "resiliparse": lambda page: extract_plain_text(
            page, main_content=True, alt_texts=False, list_bullets=False
        ),
    }
    decoded = {name: decode(page.body or b"").text for name, page in pages.items()}
    for library, extract in extractors.items():
        started = time.perf_counter()
        texts = {}
        for name, page in decoded.items():
            try:
                texts[name] = extract(page) or ""
            except Exception as error:
                logging.warning("%s on %s: %s", library, name, error)
        yield library, texts, len(decoded) / (time.perf_counter() - started)


def agrees(field: str, wanted: str, extracted: str) -> bool:
    """Compare metadata as a person would: names in any order, dates by the day, titles by their words."""
    if field == "datePublished":
        return wanted[:10] == extracted[:10]
    if field == "author":
        names = [
            set(re.split(r"\s*(?:;|,|\band\b)\s*", text.casefold())) - {""} for text in (wanted, extracted)
        ]
        return names[0] == names[1]
    return TOKEN.findall(wanted.casefold()) == TOKEN.findall(extracted.casefold())


def main() -> None:
    """Print one line for each way of extraction, then the figures of the metadata."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--compare", action="store_true", help="also score single libraries")
    options = parser.parse_args()
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    truth, pages = load_pages(options.data)
    marked = {name: entry["articleBody"] for name, entry in truth.items()}
    print(f"{len(pages)} pages        precision  recall      F1  pages/s")

    def line(name: str, texts: Mapping[str, str], rate: float) -> None:
        score = score_texts(marked, texts)
        print(f"{name:<18}{score.precision:>10.4f}{score.recall:>8.4f}{score.f1:>8.4f}{rate:>9.1f}")

    texts, metadata, rate, failures = ours(pages, options.workers)
    line("commentariat", texts, rate)
    if failures:
        print(f"  {failures} pages gave nothing")
    if options.compare:
        for library, extracted, speed in single_libraries(pages):
            line(library, extracted, speed)
    for field in ("headline", "author", "datePublished"):
        known = {name: entry[field] for name, entry in truth.items() if entry.get(field)}
        if known:
            right = sum(
                agrees(field, wanted, metadata.get(name, {}).get(field, "")) for name, wanted in known.items()
            )
            print(f"{field:<14} {right} of {len(known)} ({right / len(known):.1%})")


if __name__ == "__main__":
    main()
