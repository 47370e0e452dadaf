"""Samples of questions for people: a random part with known probabilities, and the questions most worth answering."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

import pyarrow as pa

from commentariat import InputError
from tasks.stored_names import stored_names
from warehouse import Reader
from warehouse.sql_files import load_sql

REASONS = ("models_differ", "wordings_differ", "most_copied", "least_certain")
"""Reasons for a question besides chance; the reasons with few questions come first."""

_FEWEST = 2
"""Questions drawn from each part that has so many: their spread shows how certain an estimate is."""

_COLUMNS = (
    "article_id",
    "revision",
    "target",
    "statement_hash",
    "sampled_by",
    "stratum",
    "stratum_size",
    "sampling_weight",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The sample that is wanted.

    Attributes
    ----------
    size
        Total number of questions.
    random_share
        Share of them that is drawn by chance.
    why
        Reasons for the other questions, from :data:`REASONS`.
    targets, outlets
        Only these; empty means all.
    name
        Name of the sample; the same name draws the same questions from the same snapshot.
    """

    size: int
    name: str
    random_share: float = 0.5
    why: tuple[str, ...] = REASONS
    targets: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """The questions for people, in the order in which they are asked, and how they were drawn.

    Attributes
    ----------
    questions
        The columns of a file of answers, with the text, and with empty answers.
    counts
        Number of questions for each reason.
    by_outlet
        Whether outlets were separate parts in the random sample.
    """

    questions: pa.Table
    counts: Mapping[str, int]
    by_outlet: bool


def draw(reader: Reader, wanted: Wanted) -> Sample:
    """Draw a sample.

    Raises
    ------
    InputError
        When a target or outlet is not stored, when there is nothing to ask about, or when the random part is too small
        for so many targets.
    """
    targets, outlets = stored_names(reader, wanted.targets, wanted.outlets)
    where: dict[str, object] = {"targets": list(targets), "outlets": list(outlets)}
    at_random = round(wanted.size * wanted.random_share)
    picked, by_outlet = _random(reader, wanted.name, at_random, where)
    asked = {
        "article_ids": [row["article_id"] for row in picked],
        "asked_targets": [row["target"] for row in picked],
    }
    others = wanted.size - len(picked)
    doubtful = reader.query(load_sql("review_doubtful"), where | asked | {"how_many": max(1, others)})
    picked += _shared_out(doubtful.to_pylist(), wanted.why, others)
    if not picked:
        raise InputError(
            "there is no answer to be looked at: run a night first, or name other targets or outlets"
        )
    columns = {name: [row.get(name) for row in picked] for name in _COLUMNS}
    questions = reader.query(load_sql("review_questions"), columns | {"sample": wanted.name})
    return Sample(questions, Counter(str(why) for why in questions["sampled_by"].to_pylist()), by_outlet)


def allocate(sizes: Mapping[str, int], total: int) -> dict[str, int]:
    """Choose the number of questions for each part: in proportion to the root of its size, and at least two.

    This is power allocation (Bankier 1988): large parts are not left out, and small parts, which are the stated sides,
    are not lost. The total is less than ``total`` if there are no more questions.
    """
    drawn = {name: min(size, _FEWEST) for name, size in sizes.items()}
    heap = [(-sqrt(size) / (drawn[name] + 1), name) for name, size in sizes.items() if size > drawn[name]]
    heapq.heapify(heap)
    for _ in range(total - sum(drawn.values())):
        if not heap:
            break
        _, name = heapq.heappop(heap)
        drawn[name] += 1
        if drawn[name] < sizes[name]:
            heapq.heappush(heap, (-sqrt(sizes[name]) / (drawn[name] + 1), name))
    return drawn


def _random(
    reader: Reader, seed: str, total: int, where: Mapping[str, object]
) -> tuple[list[dict[str, object]], bool]:
    if not total:
        return [], False
    by_outlet = True
    sizes = _sizes(reader, where, by_outlet=True)
    if len(sizes) * _FEWEST > total:
        by_outlet = False
        sizes = _sizes(reader, where, by_outlet=False)
    if len(sizes) * _FEWEST > total:
        raise InputError(
            f"{total} questions drawn by chance are too few for {len(sizes)} parts (targets and their answers), each "
            f"of which needs {_FEWEST}: name targets with --target, or a larger --size or --random"
        )
    drawn = allocate(sizes, total)
    parts = {"strata": list(drawn), "counts": list(drawn.values()), "by_outlet": by_outlet, "seed": seed}
    return reader.query(load_sql("review_random"), {**where, **parts}).to_pylist(), by_outlet


def _sizes(reader: Reader, where: Mapping[str, object], *, by_outlet: bool) -> dict[str, int]:
    rows = reader.query(load_sql("review_parts"), {**where, "by_outlet": by_outlet}).to_pylist()
    return {row["stratum"]: row["stratum_size"] for row in rows}


def _shared_out(rows: list[dict[str, object]], why: Iterable[str], total: int) -> list[dict[str, object]]:
    """Take questions for each reason in turn until there are enough; a question with several reasons is taken once."""
    queues = {reason: [row for row in rows if row["sampled_by"] == reason][::-1] for reason in why}
    taken: dict[tuple[object, object], dict[str, object]] = {}
    while len(taken) < total and any(queues.values()):
        for queue in queues.values():
            if queue and len(taken) < total:
                row = queue.pop()
                taken.setdefault((row["article_id"], row["target"]), row)
    return list(taken.values())
