"""Drawing what people should read: a random part with known probabilities, and what is most worth their time."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

import pyarrow as pa

from commentariat import InputError
from warehouse import Reader
from warehouse.statements import statement

REASONS = ("models_differ", "wordings_differ", "most_copied", "least_certain")
"""Reasons to ask besides chance, those of which there may be few before others."""

_FEWEST = 2
"""Questions drawn of each part, where it has so many: their spread says how sure an estimate is."""

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
    """What sample is wanted.

    Attributes
    ----------
    size
        Questions in all.
    random_share
        Of them, so many are drawn by chance.
    why
        Reasons for the others, of :data:`REASONS`.
    targets, outlets
        Only these; empty: all of them.
    name
        Name of the sample; the same name draws the same questions of the same snapshot.
    """

    size: int
    name: str
    random_share: float = 0.5
    why: tuple[str, ...] = REASONS
    targets: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """Questions to be put to people, in the order to be asked, and how they were drawn.

    Attributes
    ----------
    questions
        Columns as in a file of answers, with the text, and empty answers.
    counts
        How many there are for each reason.
    by_outlet
        Whether outlets were parts of their own for the random ones.
    """

    questions: pa.Table
    counts: Mapping[str, int]
    by_outlet: bool


def draw(reader: Reader, wanted: Wanted) -> Sample:
    """Draw a sample.

    Raises
    ------
    InputError
        Nothing is there to be asked about, or the random part is too small for so many targets.
    """
    where: dict[str, object] = {"targets": list(wanted.targets), "outlets": list(wanted.outlets)}
    at_random = round(wanted.size * wanted.random_share)
    picked, by_outlet = _random(reader, wanted.name, at_random, where)
    asked = {
        "article_ids": [row["article_id"] for row in picked],
        "asked_targets": [row["target"] for row in picked],
    }
    others = wanted.size - len(picked)
    found = reader.query(statement("review_doubtful"), where | asked | {"how_many": max(1, others)})
    picked += _shared_out(found.to_pylist(), wanted.why, others)
    if not picked:
        raise InputError(
            "there is no answer to be looked at: run a night first, or name other targets or outlets"
        )
    columns = {name: [row.get(name) for row in picked] for name in _COLUMNS}
    questions = reader.query(statement("review_questions"), columns | {"sample": wanted.name})
    return Sample(questions, Counter(str(why) for why in questions["sampled_by"].to_pylist()), by_outlet)


def allocate(sizes: Mapping[str, int], total: int) -> dict[str, int]:
    """Say how many questions are drawn of each part: in proportion to the root of its size, at least two.

    It is power allocation (Bankier 1988): large parts are not left out, and small ones, which are the stated sides, are
    not lost. Ends below ``total`` where there are no more questions.
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
    return reader.query(statement("review_random"), {**where, **parts}).to_pylist(), by_outlet


def _sizes(reader: Reader, where: Mapping[str, object], *, by_outlet: bool) -> dict[str, int]:
    rows = reader.query(statement("review_parts"), {**where, "by_outlet": by_outlet}).to_pylist()
    return {row["stratum"]: row["stratum_size"] for row in rows}


def _shared_out(rows: list[dict[str, object]], why: Iterable[str], total: int) -> list[dict[str, object]]:
    """Take turns among the reasons until there are enough; a question that several name is taken once."""
    queues = {reason: [row for row in rows if row["sampled_by"] == reason][::-1] for reason in why}
    taken: dict[tuple[object, object], dict[str, object]] = {}
    while len(taken) < total and any(queues.values()):
        for queue in queues.values():
            if queue and len(taken) < total:
                row = queue.pop()
                taken.setdefault((row["article_id"], row["target"]), row)
    return list(taken.values())
