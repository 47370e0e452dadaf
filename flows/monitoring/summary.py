"""The figures of a run and of everything that is stored now."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from models.interface import ALL_STANCES
from warehouse.publishing.generations import LINK
from warehouse.sql_files import load_sql

_HERE = Path(__file__).parent
Query = Callable[[str, Mapping[str, object]], pa.Table]

_OF_ROUNDING = 5.1e-5  # shares are stored with four decimal places, in single precision

_ATTENTION = "Attention: "
"""Begins each line of a run's note that is a warning."""

UNFINISHED = (
    "this run has not recorded its end: it is still running, or it was stopped; what it finished is kept, and the next "
    "run does the rest"
)

FEW_ARTICLES = 5
"""With fewer articles, the numbers on each side should not be compared."""

FEW_MARK = "(few)"
FEW_EXPLAINED = (
    f"{FEW_MARK}: fewer than {FEW_ARTICLES} articles speak about it, too few to compare the sides."
)


@dataclass(frozen=True, slots=True)
class TargetStances:
    """How many stored articles that speak about a target have each stance.

    Attributes
    ----------
    neutral
        Articles that take no side.
    unsure
        Articles that seem to take a side, but none clearly enough.
    """

    target: str
    statement: str
    favor: int
    against: int
    neutral: int
    unsure: int

    @property
    def about(self) -> int:
        """Articles that speak about the target at all."""
        return sum(self.counts.values())

    @property
    def counts(self) -> dict[str, int]:
        """The number of articles with each stance, in the order of :data:`models.interface.ALL_STANCES`."""
        return {name: getattr(self, name) for name in ALL_STANCES}

    @property
    def is_few(self) -> bool:
        """Whether so few articles speak about it that the sides should not be compared."""
        return self.about < FEW_ARTICLES

    @property
    def marked_statement(self) -> str:
        """The statement, marked if only few articles speak about it; see :data:`FEW_EXPLAINED`."""
        return f"{self.statement} {FEW_MARK}" if self.is_few else self.statement


@dataclass(frozen=True, slots=True)
class Failure:
    """An item that a run could not take in, and the reason."""

    url: str
    source: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class HostSpeed:
    """How fast a host answered; times in seconds."""

    host: str
    items: int
    median_s: float
    slowest_s: float


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in figures; ``outcomes`` add up to ``taken_in``.

    Attributes
    ----------
    topics
        Main topics of everything stored, as (label, articles), most frequent first.
    stances
        Stance by target over everything stored.
    warnings
        Sentences that people must know; a night with warnings is not shown as green.
    second_model
        Sentences on the questions to the second model and its answers; empty if there is none. None is a warning.
    report
        The HTML file on everything that is stored; None if it has not been written.
    other_models
        Sentences on answers that count but are from another model, or another share of right sides, than configured.
    """

    run_id: str
    warehouse: Path
    outcomes: dict[str, int]
    topics: tuple[tuple[str, int], ...]
    stances: tuple[TargetStances, ...]
    failures: tuple[Failure, ...]
    hosts: tuple[HostSpeed, ...]
    warnings: tuple[str, ...] = ()
    second_model: tuple[str, ...] = ()
    report: Path | None = None
    other_models: tuple[str, ...] = ()

    @property
    def taken_in(self) -> int:
        """URLs and files taken in by the run."""
        return sum(self.outcomes.values())

    @property
    def has_few(self) -> bool:
        """Whether a target is marked as having few articles, so that the mark needs its explanation."""
        return any(target.is_few for target in self.stances)

    @property
    def snapshot(self) -> Path:
        """The DuckDB file that people open: a link to the latest snapshot."""
        return self.warehouse / LINK

    @property
    def headline(self) -> str:
        """The run in one line, e.g. ``51 taken in: 40 loaded, 6 duplicate, 5 fetch_failed``."""
        if not self.outcomes:
            return "nothing new to take in"
        return f"{self.taken_in} taken in: " + ", ".join(f"{n} {name}" for name, n in self.outcomes.items())

    @property
    def note(self) -> str:
        """The note of the run that the warehouse keeps: :attr:`headline` and the warnings, each on a line."""
        return note_of(self.headline, self.warnings)


def note_of(headline: str, warnings: Iterable[str]) -> str:
    """Write the note of a run: its headline, and on a line each what people must know."""
    return "\n".join((headline, *(_ATTENTION + " ".join(warning.split()) for warning in warnings)))


def _warnings_in(note: str) -> tuple[str, ...]:
    """Read the warnings from the note of a run."""
    lines = note.split("\n")
    return tuple(line.removeprefix(_ATTENTION) for line in lines if line.startswith(_ATTENTION))


def summarise(
    query: Query,
    warehouse: Path,
    run_id: str | None = None,
    warnings: tuple[str, ...] = (),
    second_model: tuple[str, ...] = (),
) -> Summary:
    """Read the figures of a run; without an id, those of the latest published night, with the warnings that it kept.

    A warning is added if that night has not recorded its end. Without any night, it is the latest run.

    Parameters
    ----------
    query
        Runs a statement with parameters: the one of a writer while the night is open, later that of a reader.
    warehouse
        The warehouse's folder, to be shown to people.
    run_id, warnings, second_model
        As in :class:`Summary`.
    """

    def rows(name: str, **parameters: object) -> list[dict[str, Any]]:
        return query(load_sql(name, _HERE), parameters).to_pylist()

    if run_id is None:
        latest = rows("latest_run")
        run_id = str(latest[0]["run_id"]) if latest else ""
        warnings = _warnings_in(latest[0]["note"] or "") if latest else ()
        if latest and latest[0]["is_unfinished"]:
            warnings += (UNFINISHED,)
    outcomes = query(load_sql("run_summary"), {"run_id": run_id}).to_pylist()
    return Summary(
        run_id=run_id,
        warehouse=warehouse,
        outcomes={row["outcome"]: row["n"] for row in outcomes},
        topics=tuple((row["label"], row["articles"]) for row in rows("topics_now")),
        stances=tuple(TargetStances(**row) for row in rows("stances_now")),
        failures=tuple(Failure(**row) for row in rows("run_failures", run_id=run_id)),
        hosts=tuple(HostSpeed(**row) for row in rows("run_hosts", run_id=run_id)),
        warnings=warnings,
        second_model=second_model,
        other_models=tuple(_other_model(row) for row in rows("other_models")),
    )


def _other_model(row: Mapping[str, Any]) -> str:
    return (
        f"{row['answers']:,} answers that count are of {row['name']} ({row['model_version']}), not of the model that "
        "was configured last: `commentariat rescore` asks this model"
    )


def other_reading(
    query: Query, name: str, stated_right: float, version_here: Callable[[], str | None] = lambda: None
) -> str | None:
    """Write a sentence if the configured model, or its share of right sides, is not the one that counts; else None.

    Parameters
    ----------
    version_here
        Gives the version of the configured model, or None if it is not known. It is asked only if the names differ: a
        model whose folder was moved, or is written in another way, is the same one.
    """
    for row in query(load_sql("named_reading", _HERE), {}).to_pylist():
        share = row["stated_right"]
        is_share = share is None or abs(share - stated_right) <= _OF_ROUNDING
        if not (is_share and (row["name"] == name or row["model_version"] == version_here())):
            counts = row["name"] if share is None else f"{row['name']} at stated_right = {share:g}"
            return (
                f"the answers that count are from {counts}, but the configuration names {name} at stated_right = "
                f"{stated_right:g}: the next run, or `commentariat rescore`, asks this model"
            )
    return None
