"""How well copies are told from other pieces, and how long that takes against a million stored articles.

    python benchmarks/dedupe.py [--articles 400] [--stored 1000000 --incoming 10000] [--texts FILE.parquet]

Every article is edited as reprinting outlets edit (another headline and byline, 10, 20 or 50 % cut, boilerplate
added, all of it together), and each edit must be recognised as its original; the edits of one piece must not be
taken for copies of another. The articles are made up, unless ``--texts`` names a Parquet file with a column
``text``. With ``--stored`` it also measures the time of a night's batches against a large history.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tasks.article import Article
from tasks.dedupe.dedupe import QueryLookup, dedupe_batch
from tasks.dedupe.minhash import ALGORITHM, BANDS, bands_of, shingle_hashes
from tasks.prose import count_words, normalise_text, text_hash
from tasks.urls import article_id

READ_AT = datetime(2026, 11, 24, tzinfo=UTC)
BATCH = 64
KNOWN_TEXT = """
    SELECT i.article_id, s.article_id AS known_id, s.revision, s.text_hash, 'url' AS how
    FROM incoming i JOIN article s USING (article_id)
    UNION ALL
    SELECT i.article_id, s.article_id, s.revision, s.text_hash, 'text'
    FROM incoming i JOIN article s ON s.text_hash = i.text_hash AND s.article_id <> i.article_id
"""
NEAR_DUPLICATES = """
    WITH shared AS (
        SELECT i.article_id, b.article_id AS candidate_id, b.revision, count(*) AS bands_shared
        FROM incoming_band i JOIN minhash_band b USING (algorithm, band, hash)
        WHERE b.article_id <> i.article_id GROUP BY ALL
    )
    SELECT shared.*, s.text FROM shared JOIN article s ON s.article_id = shared.candidate_id
"""
ALGORITHM_TYPE = f"ENUM('{ALGORITHM}')"


class Store:
    """Stored articles and bands in DuckDB, answering the lookup's two questions."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(
            "CREATE TABLE article (article_id TEXT, revision INT, text_hash TEXT, text TEXT)"
        )
        self.connection.execute(
            "CREATE TABLE minhash_band "
            f"(article_id TEXT, revision INT, algorithm {ALGORITHM_TYPE}, band SMALLINT, hash UBIGINT)"
        )
        self.lookup = QueryLookup(self._query)

    def _query(self, name: str, parameters: Mapping[str, object], tables: Mapping[str, pa.Table]) -> pa.Table:
        for table, rows in tables.items():
            self.connection.register(table, rows)
        return self.connection.sql(KNOWN_TEXT if name == "known_text" else NEAR_DUPLICATES).to_arrow_table()

    def add(self, ids: list[str], hashes: list[str], texts: list[str], bands: np.ndarray) -> None:
        """Store articles with their bands, an array of shape (articles, 32)."""
        rows = pa.table({"id": ids, "text_hash": hashes, "text": texts})
        width = bands.shape[1]
        wide = pa.table(
            {
                "id": pa.array(np.repeat(np.array(ids), width)),
                "band": np.tile(np.arange(width, dtype=np.int16), len(ids)),
                "hash": bands.reshape(-1),
            }
        )
        self.connection.register("rows", rows)
        self.connection.register("wide", wide)
        self.connection.execute("INSERT INTO article SELECT id, 1, text_hash, text FROM rows")
        self.connection.execute(f"INSERT INTO minhash_band SELECT id, 1, '{ALGORITHM}', band, hash FROM wide")


@dataclass(frozen=True, slots=True)
class Edit:
    """A way in which outlets change what they reprint."""

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
    """Make a text of words drawn as in natural language: few frequent ones, many rare ones (Zipf)."""
    chance = np.random.default_rng(seed)
    lines = []
    for _ in range(int(chance.integers(8, 20))):
        ranks = np.minimum(chance.zipf(1.3, int(chance.integers(40, 80))), len(vocabulary)) - 1
        lines.append(" ".join(vocabulary[rank] for rank in ranks).capitalize() + ".")
    return "\n".join(lines)


def article(text: str, url: str) -> Article:
    """Make the article that the extract station would hand on."""
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
    "", 1, "", "", "", "benchmark", None, None, None, (), "en", "opinion", None, None, None, None, READ_AT, "2026-11",
    0, 1.0, (), "", None, None, "plain text",
)  # fmt: skip


def texts_of(options: argparse.Namespace) -> list[str]:
    """Give the originals: read from a file, or made up."""
    if options.texts:
        column = pq.read_table(options.texts, columns=["text"]).column("text").to_pylist()
        unique = dict.fromkeys(normalise_text(text) for text in column if text)
        return [text for text in unique if count_words(text) >= 150 and "\n" in text][: options.articles]
    vocabulary = [hashlib.blake2b(str(n).encode(), digest_size=4).hexdigest() for n in range(60_000)]
    return [made_up_text(seed, vocabulary) for seed in range(options.articles)]


def measure_edits(texts: list[str]) -> None:
    """Print recall for each edit, and the precision of all that was called a copy."""
    store = Store()
    originals = [article(text, f"https://original.example/{n}") for n, text in enumerate(texts)]
    kept = dedupe_batch(originals, store.lookup)
    print(f"{len(originals)} originals, {len(kept.duplicates)} of them near-copies of each other")
    pieces = list(kept.new)
    bands = np.array([bands_of(shingle_hashes(piece.text)) for piece in pieces])
    store.add([p.article_id for p in pieces], [p.text_hash for p in pieces], [p.text for p in pieces], bands)
    right = wrong = 0
    for edit in EDITS:
        found = missed = 0
        for number, piece in enumerate(pieces):
            changed = "\n".join(edit.change(piece.text.split("\n"), random.Random(number)))
            result = dedupe_batch([article(changed, f"https://copy.example/{number}")], store.lookup)
            if not result.duplicates:
                missed += 1
            elif result.duplicates[0].duplicate_of == piece.article_id:
                found += 1
            else:
                wrong += 1
        right += found
        print(f"{edit.name:<24} recall {found / len(pieces):.1%}  ({missed} missed)")
    print(f"precision {right / max(right + wrong, 1):.2%} ({wrong} false of {right + wrong})")


def batches(count: int, first: int, vocabulary: list[str]) -> Iterator[list[Article]]:
    """Make batches of incoming articles, every tenth a copy of a stored one with its end cut off."""
    for start in range(0, count, BATCH):
        batch = []
        for number in range(start, min(start + BATCH, count)):
            copied = number % 10 == 0
            text = made_up_text(number if copied else first + number, vocabulary)
            batch.append(
                article(text.rsplit("\n", 2)[0] if copied else text, f"https://incoming.example/{number}")
            )
        yield batch


def measure_time(stored: int, incoming: int) -> None:
    """Print how long a night's batches take against a large history."""
    vocabulary = [hashlib.blake2b(str(n).encode(), digest_size=4).hexdigest() for n in range(60_000)]
    store = Store()
    chance = np.random.default_rng(7)
    step = 20_000
    for start in range(0, stored, step):
        size = min(step, stored - start)
        ids = [article_id(f"https://stored.example/{n}") for n in range(start, start + size)]
        # The bands of real texts would take hours to make; random ones fill the join just the same. The first
        # ones are real: every tenth incoming article is a copy of one of them.
        bands = chance.integers(0, 2**64, size=(size, BANDS), dtype=np.uint64)
        texts = [""] * size
        for n in range(start, min(start + size, incoming), 10):
            texts[n - start] = made_up_text(n, vocabulary)
            bands[n - start] = bands_of(shingle_hashes(texts[n - start]))
        hashes = [hashlib.sha256(name.encode()).hexdigest()[:32] for name in ids]
        store.add(ids, hashes, texts, bands)
    print(f"{stored:,} articles and {stored * BANDS:,} bands stored; {BATCH} articles a batch")
    outcomes: Counter[str] = Counter()
    spent = 0.0
    for batch in batches(incoming, stored, vocabulary):
        started = time.perf_counter()
        result = dedupe_batch(batch, store.lookup)
        spent += time.perf_counter() - started
        outcomes.update(outcome.outcome for outcome in result.outcomes)
    print(
        f"{incoming:,} incoming in {spent:.1f} s ({1000 * spent * BATCH / incoming:.0f} ms a batch): {dict(outcomes)}"
    )
    everything = [one for batch in batches(incoming, stored, vocabulary) for one in batch]
    started = time.perf_counter()
    dedupe_batch(everything, store.lookup)
    print(f"the same as one batch: {time.perf_counter() - started:.1f} s")
    print(
        f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, the stored rows included"
    )


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--texts", type=Path, help="Parquet file with a column text")
    parser.add_argument("--stored", type=int, default=0)
    parser.add_argument("--incoming", type=int, default=10_000)
    options = parser.parse_args()
    measure_edits(texts_of(options))
    if options.stored:
        measure_time(options.stored, options.incoming)


if __name__ == "__main__":
    main()
