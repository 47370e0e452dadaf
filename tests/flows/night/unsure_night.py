"""A made-up warehouse in which the first model is unsure of some pieces, and a run on it without a classifier.

``python -m tests.flows.night.unsure_night FOLDER URL`` is a night in a process of its own, which a test can kill.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

from prefect.logging import disable_run_logger

from flows.night import concurrent_load
from flows.night.classifier.classifier_pool import ClassifierPool
from flows.night.configured_models import reading_rows
from flows.night.run import Run
from flows.night.second_model import asking
from flows.night.second_model.asking import second_model_in_background
from flows.night.second_model.due import ArticlePeriod
from flows.settings.config import Config, load_config
from models import Target
from tasks.classify import ClassifierChoice
from tasks.load import Row, arrow_tables
from tasks.reference_rows import changed_sources, changed_targets, new_model
from tasks.second_model.ask import AskedBatch, Inquiry, ask_batch
from tasks.second_model.client import SecondModel
from tasks.targets.statement_hash import statement_hash
from tests.warehouse import nights
from warehouse import Commit, Warehouse, Writer

AT = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
CONFIG = """
[warehouse]
path = "commentary"
[[sources]]
name = "feeds"
type = "feed"
location = "https://harbor.example/feed.xml"
[[sources]]
name = "intranet"
type = "feed"
location = "https://intranet.example/feed.xml"
second_model = false
[[targets]]
id = "tolls"
statement = "Cities should charge drivers"
[[targets]]
id = "trams"
statement = "Cities should build trams"
[second_model]
url = "{url}"
model = "tiny"
timeout_s = 10
{more}
"""
TEXT = "Everybody talks about the toll. The council should vote for it. We will see."


async def _ask(_: int, inquiries: Sequence[Inquiry], model: SecondModel) -> AskedBatch:
    return await ask_batch(inquiries, model)


async def _load(batch: str, writer: Writer, rows: Any) -> Commit:
    return await asyncio.to_thread(writer.commit, batch, arrow_tables(rows, writer.run_id))


@contextmanager
def plain_stations() -> Iterator[None]:
    """Use the stations without Prefect, since these tests have no Prefect server."""
    with patch.object(asking, "second_station", _ask), patch.object(concurrent_load, "load_station", _load):
        yield


@dataclass(frozen=True)
class Known(ClassifierChoice):
    """A first model whose answers are all stored already."""

    @property
    def version(self) -> str:
        return "fast-1"

    @property
    def weights_version(self) -> str:
        return "weights-1"


def configured(folder: Path, url: str, more: str = "") -> Config:
    file = folder / "commentariat.toml"
    share = "" if "random_share" in more else "random_share = 0"
    file.write_text(CONFIG.format(url=url, more=f"{share}\n{more}"))
    return load_config(file, {"COMMENTARIAT_SECOND_MODEL__KEY": "sk-very-secret-0123456789"})


@contextmanager
def a_run(config: Config, flow: str = "test") -> Iterator[Run]:
    """Open a run; its stations are plain functions."""
    with (
        Warehouse(config.warehouse.path).writing(flow=flow) as writer,
        disable_run_logger(),
        plain_stations(),
    ):
        classifier_pool = ClassifierPool(cast("Any", None), 1, Known(), [])
        yield Run(
            config, datetime.now(UTC), writer, classifier_pool, config.asked_targets, config.never_sent, "cap"
        )


def piece(number: int) -> str:
    return nights.hash32(f"piece {number}")


def take_in(
    run: Run,
    numbers: range,
    *,
    answers: tuple[str, ...] = ("unsure", "favor"),
    source: str = "feeds",
    revision: int = 1,
    fetched_at: datetime | None = None,
) -> None:
    """Store pieces and the first model's answers on the two targets; ``fetched_at`` is the time of a web archive."""
    writer, targets = run.writer, run.targets
    registers = {
        "target": changed_targets(writer, targets, AT, retire=True),
        "source": changed_sources(writer, run.config.sources, AT),
        "model": new_model(writer, "fast-1", "fast", "cap", AT, weights_version="weights-1"),
        "reading": reading_rows(run),
    }
    articles, texts, stances, scored = [], [], [], []
    for number in numbers:
        key = {"article_id": piece(number), "revision": revision}
        articles.append(
            key
            | {
                "text_hash": nights.hash32(f"text {number} {revision}"),
                "url": f"https://harbor.example/{number}",
            }
            | {"source": source, "outlet": "Harbor", "title": f"Piece {number}", "authors": ["A. Writer"]}
            | {"language": "en", "kind": "opinion", "published_at": AT}
            | {"fetched_at": fetched_at or run.started_at, "word_count": 14, "quality": 0.9}
        )
        texts.append(key | {"text": TEXT, "caption": "A secret caption"})
        for target, stance in zip(targets, answers, strict=True):
            answered, read = _first_answer(key, target, stance)
            stances.append(answered)
            scored.append(read)
    rows = registers | {"article": articles, "article_text": texts, "stance": stances, "scored": scored}
    writer.commit(f"pieces from {numbers.start} {revision}", arrow_tables(rows, writer.run_id))


def _first_answer(key: Row, target: Target, stance: str) -> tuple[Row, Row]:
    """Make the rows of ``stance`` and ``scored`` for an answer of the first model: a stance, or "not about it"."""
    asked = key | {"model_version": "fast-1", "target": target.id, "statement_hash": statement_hash(target)}
    shares = {"p_favor": 0.4, "p_against": 0.3, "p_neutral": 0.1, "relevance": 0.8}
    about = stance != "not about it"
    answer = {"stance": stance if about else "neutral", "about": about}
    return asked | shares | answer, asked | {"task": "stance", "n_rows": 1}


def answer_too(run: Run, number: int, target_id: str, stance: str = "unsure") -> None:
    """Store the first model's answer on one of the run's targets, about a piece that is stored already."""
    (target,) = (one for one in run.targets if one.id == target_id)
    answered, read = _first_answer({"article_id": piece(number), "revision": 1}, target, stance)
    targets = changed_targets(run.writer, run.targets, run.started_at, retire=True)
    rows = {"target": targets, "stance": [answered], "scored": [read]}
    run.writer.commit(f"{target_id} of {number}", arrow_tables(rows, run.run_id))


async def ask(run: Run, period: ArticlePeriod | None = None) -> tuple[str, ...]:
    """Ask the second model about all due pieces, as at the end of a night."""
    async with second_model_in_background(run, period or ArticlePeriod()) as work:
        return (await work.finish(None)).sentences if work else ()


def publish(writer: Writer) -> None:
    writer.finish("done")
    writer.publish()


def main(folder: Path, url: str, more: str) -> None:
    with a_run(configured(folder, url, more)) as run:
        print("begun", flush=True)
        print(" | ".join(asyncio.run(ask(run))), flush=True)
        publish(run.writer)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3].replace(";", "\n") if len(sys.argv) > 3 else "")
