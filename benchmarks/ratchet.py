"""Find out whether a station of the night needs more processor time than before, compared with a fixed calculation.

    python -m benchmarks.ratchet            # fails if a station needs 1.35 times the value in benchmarks/ratchet.toml
    python -m benchmarks.ratchet --write    # after a change that is meant to cost or save time; on an idle machine

The speed of the machine cancels out in the ratio. The yardstick of ``classify`` is the network alone, on the inputs
that the classifier gives it. How much the network itself has to calculate is counted, in billions of operations an
article; this count is the same on every machine. The yardstick of ``extract`` is making the synthetic corpus, which is
plain Python. The yardstick of the stations that work with the warehouse is writing a fixed table with PyArrow and
asking DuckDB about it, because processors differ in how fast they are at this and at Python: with the same yardstick
for all, these stations seemed 1.4 times dearer on an Intel Xeon with AMX than on an AMD Zen 3.

Everything runs on one core, because threads on several cores wait for each other and need more time the busier the
machine is. Station and yardstick run in turns, and the least time of each counts. If a station seems to need too much,
all are measured again, up to twice. It takes about 20 seconds for each time.
"""

import argparse
import logging
import os
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.classify import TEXT_SHAPE, flops, pair_shape
from benchmarks.pages import READ_AT, page_of
from benchmarks.synthetic import pieces, statements
from benchmarks.warehouse_scale import reference_rows, rows, with_topic_scores
from models import Document, Target, load_classifier
from models.encoder import Encoder
from tasks.article import Article
from tasks.dedupe.dedupe import dedupe_batch
from tasks.extract.extract import extract_page
from tasks.extract.settings import ExtractSettings
from warehouse import Warehouse, Writer, connect

KEPT = Path(__file__).with_suffix(".toml")
MARGIN = 1.35
"""Largest allowed ratio to the recorded value: above the noise, and below the effect of 1.5 times the work."""
TURNS = 5
TRIES = 3
_PAGES, _READ, _COMMITTED = 24, 4, 400
_ROWS, _ASKED = 2_000, 8
_QUESTION = "SELECT outlet, month, stance, count(*) FROM stance WHERE is_current AND about GROUP BY ALL"
_PLAIN_QUESTION = "SELECT outlet, count(*), avg(score), max(text) FROM read_parquet(?) GROUP BY ALL"

Action = Callable[[], object]


def measured(folder: Path) -> dict[str, float]:
    """Return the processor time of each station divided by that of its yardstick, and the operations of an article."""
    pages = [page_of(piece) for piece in pieces(_PAGES)]
    requirements = ExtractSettings().requirements
    extracted = [extract_page(page, requirements) for page in pages]
    articles = [outcome for outcome in extracted if isinstance(outcome, Article)]
    documents = [Document(str(piece.number), piece.text, piece.title, "en") for piece in pieces(_READ)]
    asked = [[Target(name, statement) for name, statement in statements(10).items()]] * _READ
    classifier = load_classifier(threads=1)
    with Warehouse(folder / "warehouse").writing(run_id="ratchet", flow="nightly") as writer:
        writer.commit("reference rows", reference_rows())
        numbers = count()
        _commit(writer, next(numbers))
        writer.publish()
        with connect(folder / "warehouse") as reader:
            reading: dict[str, Action] = {"classify": lambda: classifier.read(documents, asked)}
            network, operations = network_alone(reading["classify"])
            extraction: dict[str, Action] = {
                "extract": lambda: [extract_page(page, requirements) for page in pages]
            }
            of_warehouse: dict[str, Action] = {
                "dedupe": lambda: dedupe_batch(articles, writer),
                "load": lambda: _commit(writer, next(numbers)),
                "publish": writer.publish,
                "question": lambda: reader.query(_QUESTION),
            }
            return (
                {"operations": operations / _READ / 1e9}
                | compared(reading, network)
                | compared(extraction, lambda: list(pieces(4 * _PAGES)))
                | compared(of_warehouse, database_alone(folder / "plain.parquet"))
            )


def network_alone(reading: Action) -> tuple[Action, float]:
    """Return an action that runs the network on the inputs of a reading, and the count of the network's operations."""
    reading()  # the first time, it embeds the statements too
    calls: list[tuple[Any, ...]] = []
    run_each = Encoder._run_each

    def recorded(self: Encoder, *given: Any) -> Any:  # noqa: ANN401 - as the method that it replaces
        calls.append((self, *given))
        return run_each(self, *given)

    with mock.patch.object(Encoder, "_run_each", recorded):
        reading()
    shapes = {False: TEXT_SHAPE, True: pair_shape("fast")}
    operations = sum(flops([len(first)], shapes[1 in second]) for _, ids, _ in calls for first, second in ids)
    return lambda: [run_each(*call) for call in calls], operations


def database_alone(path: Path) -> Action:
    """Return an action that writes a fixed table to a Parquet file and asks DuckDB about it, without our code."""
    chance = np.random.default_rng(0)
    table = pa.table(
        {
            "id": [f"{number:032x}" for number in chance.permutation(_ROWS).tolist()],
            "outlet": [f"Outlet {number:02d}" for number in chance.integers(0, 40, _ROWS).tolist()],
            "score": chance.random(_ROWS),
            "text": [" ".join(map(str, line)) for line in chance.integers(0, 100, (_ROWS, 40)).tolist()],
        }
    )
    connection = duckdb.connect(config={"threads": 1})

    def write_and_ask() -> None:
        pq.write_table(table, path, compression="zstd")
        for _ in range(_ASKED):
            connection.execute(_PLAIN_QUESTION, [str(path)]).fetchall()

    return write_and_ask


def compared(stations: dict[str, Action], yardstick: Action) -> dict[str, float]:
    """Run stations and a yardstick in turns; return the least time of each, divided by that of the yardstick."""
    least: dict[str, float] = {}
    for turn in range(TURNS + 1):
        for name, action in {"": yardstick, **stations}.items():
            began = time.process_time()
            action()
            taken = time.process_time() - began
            if turn:  # the first turn is not counted, because it fills caches
                least[name] = min(taken, least.get(name, taken))
    return {name: least[name] / least[""] for name in stations}


def _commit(writer: Writer, number: int) -> None:
    writer.commit(f"{number}", with_topic_scores(rows(number * _COMMITTED, _COMMITTED, READ_AT)))


def main() -> None:
    """Measure, and compare with the recorded values, or record new ones."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--write", action="store_true", help="record the measured values for later comparisons"
    )
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    now = _measured()
    if options.write:
        now = _least(now, _measured())
        head = "# Processor time of a station, divided by that of its yardstick; billions of operations an article:\n"
        head += "# python -m benchmarks.ratchet --write\n"
        KEPT.write_text(
            head + "".join(f"{name} = {ratio:.3g}\n" for name, ratio in now.items()), encoding="utf-8"
        )
        return
    kept = tomllib.loads(KEPT.read_text(encoding="utf-8"))
    for _ in range(TRIES - 1):
        if _above_margin(now, kept):
            now = _least(now, _measured())
    above = _above_margin(now, kept)
    for name, ratio in now.items():
        mark = "  TOO MUCH" if name in above else ""
        print(f"{name:<10} {ratio:8.3g}   {ratio / kept[name]:5.2f} times what is written{mark}")
    if above:
        sys.exit(
            f"{', '.join(above)}: more than {MARGIN} times the value in {KEPT.name}. Find the cause; if the change is "
            "intended, run `python -m benchmarks.ratchet --write` on an idle machine and say why in the commit."
        )


def _measured() -> dict[str, float]:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        return measured(Path(folder))


def _least(first: dict[str, float], second: dict[str, float]) -> dict[str, float]:
    return {name: min(ratio, second[name]) for name, ratio in first.items()}


def _above_margin(now: dict[str, float], kept: dict[str, float]) -> list[str]:
    return [name for name, ratio in now.items() if ratio > MARGIN * kept[name]]


if __name__ == "__main__":
    main()
