"""Measure the time and the size of the report for 100,000 articles and 1.5 million stances.

``python -m benchmarks.report [--articles 100000] [--keep FOLDER]``. The rows are those of
:mod:`benchmarks.warehouse_scale`, with other texts and evidence. The seconds of each query and of the whole report are
printed, and the megabytes of the file.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.warehouse_scale import CHUNK, reference_rows, rows, with_topic_scores
from flows.report.contents import SAVED_QUERIES
from flows.report.write import write_report
from warehouse import Warehouse, connect

SENTENCE = "They should stop."
TOPICS = (
    "Health",
    "Energy",
    "Housing",
    "Defense",
    "Education",
    "Labor",
    "Environment",
    "Technology",
    "Immigration",
)


def as_published(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Add texts of the length of op-eds, topics with names, and evidence for every stated side to the rows."""
    chance = np.random.default_rng(tables["article"].num_rows)
    filler = " ".join(
        f"Sentence {n} says what sentences of this length say about a matter." for n in range(70)
    )
    texts = pa.array([f"{SENTENCE} {filler}"] * tables["article_text"].num_rows)
    text = tables["article_text"]
    labels = pa.array(np.array(TOPICS)[chance.integers(0, len(TOPICS), tables["topic"].num_rows)])
    topic = tables["topic"]
    stance = tables["stance"]
    sides = stance.filter(stance["about"])
    evidence = sides.select(
        ["article_id", "revision", "month", "model_version", "target", "statement_hash", "stance"]
    )
    for name, values in (
        ("start", np.zeros(sides.num_rows, np.int32)),
        ("end", np.full(sides.num_rows, len(SENTENCE), np.int32)),
        ("score", np.full(sides.num_rows, 0.5, np.float32)),
        ("quoted", np.zeros(sides.num_rows, bool)),
    ):
        evidence = evidence.append_column(name, pa.array(values))
    return {
        **tables,
        "article_text": text.set_column(text.column_names.index("text"), "text", texts),
        "topic": topic.set_column(topic.column_names.index("label"), "label", labels),
        "evidence": evidence,
    }


def build(path: Path, articles: int) -> None:
    """Write a warehouse of made-up rows, and a last night of a thousand more articles."""
    with Warehouse(path).writing(run_id="archive", flow="nightly") as writer:
        writer.commit("reference rows", reference_rows())
        for start in range(0, articles, CHUNK):
            writer.commit(
                str(start), as_published(with_topic_scores(rows(start, min(CHUNK, articles - start))))
            )
        writer.finish("archive")
    with Warehouse(path).writing(run_id="night", flow="nightly") as writer:
        writer.commit("0", as_published(with_topic_scores(rows(articles, 1_000))))
        writer.finish("night")
        writer.publish()


def main() -> None:
    """Build, then time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="Build here, or use what is here already.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = (given.keep or Path(folder)) / "warehouse"
        if not path.exists():
            build(path, given.articles)
        with connect(path) as reader, reader.pinned():
            for name in SAVED_QUERIES:
                began = time.perf_counter()
                reader.saved(name)
                print(f"{name:25s} {time.perf_counter() - began:6.2f} s")
        began, cpu = time.perf_counter(), time.process_time()
        written = write_report(path, Path(folder) / "report.html")
        print(
            f"{given.articles:,} articles: {time.perf_counter() - began:.1f} s ({time.process_time() - cpu:.1f} s of "
            f"processors), {written.bytes / 1e6:.2f} MB"
        )


if __name__ == "__main__":
    main()
