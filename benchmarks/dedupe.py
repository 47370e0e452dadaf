"""Measure how well copies are distinguished from other pieces, and how long this takes with a million stored articles.

    python -m benchmarks.dedupe [--articles 400] [--texts FILE.parquet]
    python -m benchmarks.dedupe --articles 0 --stored 1000000 --incoming 10000 [--keep FOLDER]

Every article is edited as outlets edit pieces that they reprint: another headline and byline, 10, 20 or 50 % cut,
boilerplate added, or all of these together. Each edited text must be recognised as a copy of its original, and not as
a copy of another piece. The articles are made up, unless ``--texts`` names a Parquet file with a column ``text``. With
``--stored``, the time of a night's micro-batches is measured in a warehouse with a large history. The warehouse is used
as in a run: texts are in Parquet, and every batch is committed before the next one is looked up. With ``--keep``, the
history is kept for another night, so that the peak memory can be measured without building the history.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tasks.addresses.urls import article_id
from tasks.article import Article
from tasks.dedupe.dedupe import Deduped, dedupe_batch
from tasks.dedupe.minhash import ALGORITHM, BANDS, bands_of, shingle_hashes
from tasks.load import arrow_tables, article_rows, band_rows, duplicate_rows
from tasks.text.prose import count_words, normalise_text, text_hash
from warehouse import Warehouse
from warehouse.upkeep.compaction import compact
from warehouse.writing.writer import Writer

READ_AT = datetime(2026, 11, 24, tzinfo=UTC)
BATCH = 64
MONTHS = 36
STEP = 20_000
NOTHING = pa.table(
    {
        "article_id": pa.array([], pa.string()),
        "algorithm": pa.array([], pa.string()),
        "band": pa.array([], pa.int16()),
        "hash": pa.array([], pa.uint64()),
    }
)


def store(writer: Writer, batch: str, result: Deduped) -> None:
    """Commit the result of a batch, as the load station does."""
    kept = (*result.new, *result.revised)
    articles = article_rows(kept)
    rows = {
        "article": articles,
        "article_text": articles,
        "minhash_band": band_rows(kept, result.bands),
        "duplicate": duplicate_rows(result.duplicates, datetime.now(UTC)),
    }
    writer.commit(batch, arrow_tables(rows, writer.run_id))


@dataclass(frozen=True, slots=True)
class Edit:
    """A way in which outlets change a piece that they reprint."""

    name: str
    change: Callable[[list[str], random.Random], list[str]]


def _cut(share: float) -> Callable[[list[str], random.Random], list[str]]:
    def cut(lines: list[str], chance: random.Random) -> list[str]:
        gone = set(chance.sample(range(len(lines)), max(1, round(share * len(lines)))))
        return [line for number, line in enumerate(lines) if number not in gone]

    return cut


def _boilerplate(lines: list[str], chance: random.Random) -> list[str]:
    opening = [
        f"This column was supplied by the reading service of {chance.randint(10, 99)} member newspapers."
    ]
    closing = [
        f"Write to us at box {chance.randint(100, 999)}, with your name and the name of your town.",
        "The writer's views are not those of this newspaper, which prints many and holds few.",
    ]
    return [*opening, *lines, *closing]


def _heading(lines: list[str], chance: random.Random) -> list[str]:
    return [f"Another headline about number {chance.randint(100, 999)}", "By Staff Writers", *lines]


def _all(lines: list[str], chance: random.Random) -> list[str]:
    return _heading(_boilerplate(_cut(0.2)(lines, chance), chance), chance)


EDITS = (
    Edit("headline and byline", _heading),
    Edit("10 % cut", _cut(0.1)),
    Edit("20 % cut", _cut(0.2)),
    Edit("50 % cut", _cut(0.5)),
    Edit("boilerplate added", _boilerplate),
    Edit("all together, 20 % cut", _all),
)


def made_up_text(seed: int, vocabulary: list[str]) -> str:
    """Make a text whose words are distributed as in natural language: few frequent and many rare words (Zipf)."""
    chance = np.random.default_rng(seed)
    lines = []
    for _ in range(int(chance.integers(8, 20))):
        ranks = np.minimum(chance.zipf(1.3, int(chance.integers(40, 80))), len(vocabulary)) - 1
        lines.append(" ".join(vocabulary[rank] for rank in ranks).capitalize() + ".")
    return "\n".join(lines)


def article(text: str, url: str) -> Article:
    """Make an article as the extract station would return it."""
    return replace(
        _TEMPLATE,
        article_id=article_id(url),
        url=url,
        item_url=url,
        text=text,
        text_hash=text_hash(text),
        word_count=count_words(text),
    )


_TEMPLATE = Article(
    "", 1, "", "", "", "benchmark", None, None, None, (), "en", "opinion", None, None, None, None, READ_AT, 0,
    1.0, (), "", None, None, "plain text",
)  # fmt: skip


def texts_of(options: argparse.Namespace) -> list[str]:
    """Return the original texts, read from a file or made up."""
    if options.texts:
        column = pq.read_table(options.texts, columns=["text"]).column("text").to_pylist()
        unique = dict.fromkeys(normalise_text(text) for text in column if text)
        return [text for text in unique if count_words(text) >= 150 and "\n" in text][: options.articles]
    vocabulary = [hashlib.blake2b(str(n).encode(), digest_size=4).hexdigest() for n in range(60_000)]
    return [made_up_text(seed, vocabulary) for seed in range(options.articles)]


def measure_edits(texts: list[str], folder: Path) -> None:
    """Print the recall for each edit, and the precision of all texts that were called copies."""
    originals = [article(text, f"https://original.example/{n}") for n, text in enumerate(texts)]
    with Warehouse(folder / "edits").writing(run_id="edits", flow="benchmark") as writer:
        kept = dedupe_batch(originals, writer)
        print(f"{len(originals)} originals, {len(kept.duplicates)} of them near-copies of each other")
        store(writer, "originals", kept)
        right = wrong = 0
        for edit in EDITS:
            copies = {}
            for number, piece in enumerate(kept.new):
                changed = "\n".join(edit.change(piece.text.split("\n"), random.Random(number)))
                copies[f"https://copy.example/{number}"] = (changed, piece.article_id)
            result = dedupe_batch([article(text, url) for url, (text, _) in copies.items()], writer)
            right_copies = [
                copy for copy in result.duplicates if copy.duplicate_of == copies[copy.article.url][1]
            ]
            right += len(right_copies)
            wrong += len(result.duplicates) - len(right_copies)
            missed = len(copies) - len(result.duplicates)
            print(f"{edit.name:<24} recall {len(right_copies) / len(copies):.1%}  ({missed} missed)")
    print(f"precision {right / max(right + wrong, 1):.2%} ({wrong} false of {right + wrong})")


def batches(count: int, first: int, vocabulary: list[str]) -> Iterator[list[Article]]:
    """Make batches of incoming articles; every tenth is a copy of a stored one without its end."""
    for start in range(0, count, BATCH):
        batch = []
        for number in range(start, min(start + BATCH, count)):
            copied = number % 10 == 0
            text = made_up_text(number if copied else first + number, vocabulary)
            batch.append(
                article(
                    text.rsplit("\n", 2)[0] if copied else text, f"https://incoming.example/{first}/{number}"
                )
            )
        yield batch


def history(start: int, size: int, incoming: int, vocabulary: list[str]) -> dict[str, pa.Table]:
    """Make the rows of ``size`` stored articles, spread over three years.

    Computing the bands of real texts would take hours; random bands fill the index equally. Every tenth of the first
    articles has its real bands, because an incoming article is a copy of it.
    """
    chance = np.random.default_rng(start)
    words = np.array(vocabulary)
    texts = [" ".join(line) for line in words[chance.integers(0, len(words), (size, 400))]]
    bands = chance.integers(0, 2**64, size=(size, BANDS), dtype=np.uint64)
    for n in range(start, min(start + size, incoming), 10):
        texts[n - start] = made_up_text(n, vocabulary)
        bands[n - start] = bands_of(shingle_hashes(texts[n - start]))
    ids = [article_id(f"https://stored.example/{n}") for n in range(start, start + size)]
    days = chance.integers(0, MONTHS * 30, size).tolist()
    published = [READ_AT - timedelta(days=day) for day in days]
    months = [f"{moment:%Y-%m}" for moment in published]
    key = {"article_id": ids, "revision": pa.array([1] * size, pa.int32()), "month": months}
    return {
        "article": pa.table(
            {
                **key,
                "text_hash": ids,
                "url": [f"https://stored.example/{n}" for n in range(start, start + size)],
                "source": ["benchmark"] * size,
                "authors": pa.array([[]] * size, pa.list_(pa.string())),
                "kind": ["opinion"] * size,
                "published_at": pa.array(published, pa.timestamp("us", "UTC")),
                "fetched_at": pa.array(published, pa.timestamp("us", "UTC")),
                "word_count": pa.array([400] * size, pa.int32()),
            }
        ),
        "article_text": pa.table({**key, "text": texts}),
        "minhash_band": pa.table(
            {
                "article_id": np.repeat(np.array(ids), BANDS),
                "revision": np.ones(size * BANDS, np.int32),
                "month": np.repeat(np.array(months), BANDS),
                "algorithm": pa.array([ALGORITHM] * (size * BANDS)),
                "band": np.tile(np.arange(BANDS, dtype=np.int16), size),
                "hash": bands.reshape(-1),
            }
        ),
    }


def measure_time(place: Warehouse, stored: int, incoming: int) -> None:
    """Print how long a night's batches take in a warehouse with a large history."""
    vocabulary = [hashlib.blake2b(str(n).encode(), digest_size=4).hexdigest() for n in range(60_000)]
    started = time.perf_counter()
    with place.writing(run_id="history", flow="benchmark") as writer:
        for start in range(0, stored, STEP):
            if writer.committed(f"{start}") is None:
                writer.commit(f"{start}", history(start, min(STEP, stored - start), incoming, vocabulary))
        compact(writer)
        writer.publish()
    print(f"{stored:,} articles and {stored * BANDS:,} bands stored in {time.perf_counter() - started:.0f} s")
    looked_up: list[float] = []
    committed: list[float] = []
    outcomes: Counter[str] = Counter()
    with place.writing(run_id=f"night-{time.time():.0f}", flow="benchmark") as writer:
        started = time.perf_counter()
        writer.near_duplicates(NOTHING)
        print(f"opening the warehouse and its index of bands: {time.perf_counter() - started:.1f} s")
        for number, batch in enumerate(batches(incoming, stored + int(time.time()), vocabulary)):
            started = time.perf_counter()
            result = dedupe_batch(batch, writer)
            looked_up.append(time.perf_counter() - started)
            started = time.perf_counter()
            store(writer, f"{number}", result)
            committed.append(time.perf_counter() - started)
            outcomes.update(outcome.outcome for outcome in result.outcomes)
    spent = sum(looked_up)
    print(
        f"{incoming:,} incoming as {len(looked_up)} batches of {BATCH}: {spent:.1f} s to dedupe "
        f"({1000 * spent / len(looked_up):.0f} ms a batch, the slowest {1000 * max(looked_up):.0f} ms), "
        f"{sum(committed):.1f} s to commit; {dict(outcomes)}"
    )
    index = sum(file.stat().st_size for file in (place.root / "db").glob("near.sqlite*"))
    print(f"index of bands {index / 2**20:,.0f} MB on disk")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def main() -> None:
    """Run the measurements that the options name."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--texts", type=Path, help="Parquet file with a column text")
    parser.add_argument("--stored", type=int, default=0)
    parser.add_argument("--incoming", type=int, default=10_000)
    parser.add_argument("--keep", type=Path, help="folder in which the large history is built and kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.articles:
            measure_edits(texts_of(options), Path(folder))
        if options.stored:
            measure_time(
                Warehouse((options.keep or Path(folder)) / "history"), options.stored, options.incoming
            )


if __name__ == "__main__":
    main()
