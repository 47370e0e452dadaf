"""Measure publishing, common queries and the work queries with a million articles and fifteen million stances.

``python -m benchmarks.warehouse_scale [--articles 1000000] [--keep FOLDER]``. A warehouse of made-up rows is built (15
targets, 40 outlets, three years). Then one more night is measured, and publishing alone in a process of its own. The
figures are medians. Peak memory is that of the process that does the work; building is done in another process.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from warehouse import Warehouse, connect
from warehouse.upkeep.compaction import compact

TARGETS, OUTLETS, CHUNK, NIGHT = 15, 40, 50_000, 10_000
FIRST = datetime(2023, 11, 1, tzinfo=UTC)
SECONDS = 3 * 365 * 86_400
QUESTIONS = {
    "stance share of a target": "FROM stance_share('target-07')",
    "by outlet": "FROM stance_by_outlet('target-07')",
    "over time": "FROM stance_over_time('target-07')",
    "by outlet and month": """
        SELECT outlet, month, stance, count(*) FROM stance
        WHERE target = 'target-07' AND is_current AND about GROUP BY ALL""",
    "all targets by outlet": "FROM outlet_balance",
    "all targets by outlet, from the rows": """
        SELECT target, outlet, avg(p_favor - p_against) FROM stance WHERE is_current AND about GROUP BY ALL""",
    "topic share": "FROM topic_share()",
    "both sides": "FROM both_sides('target-07')",
    "coverage": "FROM coverage",
    "outcomes of the last run": "SELECT outcome, count(*) FROM outcome WHERE run_id = 'night-2' GROUP BY ALL",
    "one article": "FROM stance WHERE article_id = (SELECT min(article_id) FROM article)",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions that made-up rows answer.

    Attributes
    ----------
    statements
        Statement and statement hash of each target, by its id.
    model_version, weights_version
        The model that gives the answers, and its weights. A night that knows a model does not store it again, and its
        raw scores must name weights that are stored.
    """

    statements: Mapping[str, tuple[str, str]]
    model_version: str
    weights_version: str


MADE_UP = Asked({f"target-{n:02d}": (f"Statement {n}.", "0" * 32) for n in range(TARGETS)}, "m1", "w1")


def ids(start: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    """Make ids that look like hashes: they are spread over the whole range, and always the same."""
    numbers = np.arange(start, start + count, dtype=np.uint64)
    a = (numbers * np.uint64(0x9E3779B97F4A7C15)) ^ np.uint64(0xD1B54A32D192ED03)
    b = (numbers + np.uint64(1)) * np.uint64(0xBF58476D1CE4E5B9)
    return np.array([f"{x:016x}{y:016x}" for x, y in zip(a.tolist(), b.tolist(), strict=True)])


def rows(start: int, count: int, at: datetime | None = None, asked: Asked = MADE_UP) -> dict[str, pa.Table]:
    """Make the rows of ``count`` articles, all published at ``at``, or spread over three years."""
    chance = np.random.default_rng(start)
    article = pa.array(ids(start, count), pa.string())
    spread = (
        chance.integers(0, SECONDS, count) if at is None else np.full(count, (at - FIRST).total_seconds())
    )
    when = (np.datetime64(FIRST.replace(tzinfo=None), "us") + spread.astype("timedelta64[s]")).astype(
        "datetime64[us]"
    )
    published = pa.array(when).cast(pa.timestamp("us", "UTC"))
    month = pa.array(np.datetime_as_string(when, unit="M"), pa.string())
    outlet = pa.array([f"Outlet {n:02d}" for n in chance.integers(0, OUTLETS, count)])
    url = pa.array([f"https://outlet.example/{start + n}" for n in range(count)])
    ones = pa.array(np.ones(count, np.int32))
    same = {"article_id": article, "revision": ones, "month": month}
    words = chance.choice(
        np.array(["carbon", "tax", "chips", "trade", "school", "court", "water"]), (count, 40)
    )
    text = pa.array([" ".join(line) + ". They should stop." for line in words])
    tables = {
        "article": {
            **same,
            "text_hash": article,
            "url": url,
            "source": pa.array(["feeds"] * count),
            "outlet": outlet,
            "title": pa.array([f"A headline of the usual length, number {start + n}" for n in range(count)]),
            "authors": pa.array([["A. Writer"]] * count),
            "language": pa.array(["en"] * count),
            "kind": pa.array(["opinion"] * count),
            "published_at": published,
            "fetched_at": published,
            "word_count": pa.array(np.full(count, 43, np.int32)),
        },
        "article_text": {**same, "text": text},
        "item": {
            "url": url,
            "article_id": article,
            "source": pa.array(["feeds"] * count),
            "discovered_at": published,
        },
        "outcome": {
            "url": url,
            "source": pa.array(["feeds"] * count),
            "outcome": pa.array(["loaded"] * count),
            "reason": pa.array(["New article."] * count),
            "stage": pa.array(["load"] * count),
            "decided_at": published,
        },
        "topic": {
            **same,
            "model_version": pa.array([asked.model_version] * count),
            "taxonomy": pa.array(["cap"] * count),
            "topic": pa.array([str(n) for n in chance.integers(1, 24, count)]),
            "label": pa.array(["Topic"] * count),
            "rank": pa.array(np.ones(count, np.int16)),
            "score": pa.array(chance.random(count, np.float32)),
        },
        "minhash_band": {
            "article_id": pa.array(np.repeat(ids(start, count), 8)),
            "revision": pa.array(np.ones(count * 8, np.int32)),
            "month": pa.array(np.repeat(np.datetime_as_string(when, unit="M"), 8)),
            "algorithm": pa.array(["minhash-1"] * count * 8),
            "band": pa.array(np.tile(np.arange(8, dtype=np.int16), count)),
            "hash": pa.array(chance.integers(0, 2**63, count * 8, dtype=np.uint64)),
        },
        **_stances(ids(start, count), np.datetime_as_string(when, unit="M"), asked, chance),
    }
    return {name: pa.table(columns) for name, columns in tables.items()}


def _stances(
    article: np.ndarray, month: np.ndarray, asked: Asked, chance: np.random.Generator
) -> dict[str, dict[str, pa.Array]]:
    targets = len(asked.statements)
    count = len(article) * targets
    target = np.tile(np.array(list(asked.statements)), len(article))
    hashes = np.tile(np.array([hash_ for _, hash_ in asked.statements.values()]), len(article))
    p = chance.dirichlet((1, 1, 1), count)
    about = chance.random(count) < 0.3
    p[~about] = (0.02, 0.02, 0.96)
    relevance = about * 0.9 + 0.05
    key = {
        "article_id": pa.array(np.repeat(article, targets)),
        "revision": pa.array(np.ones(count, np.int32)),
        "month": pa.array(np.repeat(month, targets)),
        "model_version": pa.array([asked.model_version] * count),
        "target": pa.array(target),
        "statement_hash": pa.array(hashes),
    }
    return {
        "stance": {
            **key,
            "stance": pa.array(np.array(["favor", "against", "neutral"])[p.argmax(1)]),
            **{
                f"p_{name}": pa.array(p[:, n] * relevance, pa.float32())
                for n, name in enumerate(("favor", "against", "neutral"))
            },
            "relevance": pa.array(relevance, pa.float32()),
            "about": pa.array(about),
        },
        "scored": {**key, "task": pa.array(["stance"] * count), "n_rows": pa.array(np.ones(count, np.int32))},
    }


def with_topic_scores(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Add the rows of table ``scored`` for the topics."""
    topic = tables["topic"]
    extra = topic.select(["article_id", "revision", "month", "model_version"])
    for name, value in (("target", ""), ("statement_hash", ""), ("task", "topic")):
        extra = extra.append_column(name, pa.array([value] * topic.num_rows))
    extra = extra.append_column("n_rows", pa.array(np.ones(topic.num_rows, np.int32)))
    return {
        **tables,
        "scored": pa.concat_tables([tables["scored"], extra.select(tables["scored"].column_names)]),
    }


def reference_rows(asked: Asked = MADE_UP) -> dict[str, pa.Table]:
    """Make the rows to which all other rows refer: targets and a model."""
    targets = [
        {
            "target": target,
            "statement": statement,
            "statement_hash": statement_hash,
            "aliases": [],
            "active": True,
            "asked_from": FIRST,
        }
        for target, (statement, statement_hash) in asked.statements.items()
    ]
    versions = {"model_version": asked.model_version, "weights_version": asked.weights_version}
    model = versions | {"name": "m", "rank": 1, "first_used_at": FIRST}
    return {"target": pa.Table.from_pylist(targets), "model": pa.Table.from_pylist([model])}


def timed(label: str, action: Callable[[], object], times: int = 1) -> float:
    """Run ``action``, and print its median time in milliseconds."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        taken.append(time.perf_counter() - started)
    median = statistics.median(taken)
    print(f"{label:45s} {median * 1000:10.0f} ms   (peak memory so far {peak_memory():.2f} GiB)", flush=True)
    return median


def peak_memory() -> float:
    """Return the peak memory of this process in GiB; getrusage would include its parent's before the fork."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 2**20


def alone(action: Callable[..., object], *arguments: object) -> None:
    """Run ``action`` in a process of its own."""
    process = multiprocessing.get_context("spawn").Process(target=action, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def commit_only(root: Path, articles: int) -> None:
    """Commit one more night of 10,000 articles without publishing it."""
    with Warehouse(root).writing(run_id="night-4", flow="nightly") as writer:
        writer.commit(
            "1", with_topic_scores(rows(4 * articles, NIGHT, datetime(2026, 10, 31, 3, tzinfo=UTC)))
        )


def publish_only(root: Path) -> None:
    """Publish the commits of a killed run: copy the last published file, append to the copy, name it."""

    def publish() -> None:
        with Warehouse(root).writing(run_id="publish", flow="publish", create=False):
            pass  # opening publishes, as at the beginning of a run

    timed("publish alone, copy of the base included", publish)


def build(place: Warehouse, articles: int, asked: Asked = MADE_UP) -> None:
    """Fill the warehouse with articles to which every question has been asked."""
    started = time.perf_counter()
    with place.writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", reference_rows(asked))
        for start in range(0, articles, CHUNK):
            made = rows(start, min(CHUNK, articles - start), asked=asked)
            writer.commit(f"{start}", with_topic_scores(made))
        compact(writer)
        writer.publish()
    print(f"built in {time.perf_counter() - started:.0f} s, peak memory {peak_memory():.2f} GiB", flush=True)


def measure(place: Warehouse, articles: int) -> None:
    """Measure one more night, the work queries, and the common queries."""
    last_night = datetime(2026, 10, 30, 3, tzinfo=UTC)
    with place.writing(run_id="night-2", flow="nightly") as writer:
        night = with_topic_scores(rows(articles, NIGHT, last_night))
        timed("commit of 10,000 articles in one batch", lambda: writer.commit("1", night))
        timed("publish after it", writer.publish)
        batches = [with_topic_scores(rows(2 * articles + n * 64, 64, last_night)) for n in range(9)]
        names = iter(range(9))
        timed("commit of 64 articles", lambda: writer.commit(f"b{next(names)}", batches[next(names) - 1]), 4)
        timed("publish after them", writer.publish)
        known, new = ids(0, 50_000), ids(3 * articles, 50_000)
        incoming = pa.table(
            {"article_id": np.concatenate([known, new]), "text_hash": np.concatenate([new, known])}
        )
        urls = pa.table(
            {"url": [f"https://outlet.example/{n}" for n in range(articles - 50_000, articles + 50_000)]}
        )
        params = {"run_id": "night-3", "max_attempts": 3, "recheck_since": last_night}
        nothing = pa.table({"url": pa.array([], pa.string())})
        timed(
            "anti-join of 100,000 incoming with items",
            lambda: writer.query_file("new_items", tables={"incoming": urls}),
            5,
        )
        timed(
            "known texts of 100,000 incoming",
            lambda: writer.query_file("known_text", tables={"incoming": incoming}),
            5,
        )
        timed("work of the next run", lambda: writer.query_file("work", params, {"at_hand": nothing}), 3)
        wanted = pa.table({"target": ["target-03"], "statement_hash": ["0" * 32], "model_version": ["m1"]})
        timed(
            "backlog of one target", lambda: writer.query_file("backlog", tables={"wanted_target": wanted}), 3
        )
        bands = night["minhash_band"].select(["article_id", "algorithm", "band", "hash"])
        timed(
            "near duplicates of 10,000",
            lambda: writer.near_duplicates(bands),
            3,
        )
        timed("publish with nothing new", writer.publish)
    with connect(place.root) as reader:
        medians = [timed(name, lambda sql=sql: reader.query(sql), 7) for name, sql in QUESTIONS.items()]  # type: ignore[misc]
        print(f"median of the usual questions: {statistics.median(medians) * 1000:.0f} ms")
    size = sum(f.stat().st_size for f in place.root.rglob("*.duckdb") if not f.is_symlink()) / 2**30
    print(f"DuckDB files {size:.2f} GiB, Parquet {sum(f.bytes for f in place.live_files()) / 2**30:.2f} GiB")


def main() -> None:
    """Build a warehouse or use an existing one, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="folder in which the warehouse is built and kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Warehouse((options.keep or Path(folder)) / "warehouse")
        if not place.root.exists():
            alone(build, place, options.articles)
        measure(place, options.articles)
        alone(commit_only, place.root, options.articles)
        alone(publish_only, place.root)


if __name__ == "__main__":
    main()
