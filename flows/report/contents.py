"""The contents of a report: the answers of saved queries, each with its SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from models.reliability import error_rate, error_rates
from tasks.stored_names import stored_names
from warehouse import Reader
from warehouse.querying.plain_values import Row, query_rows
from warehouse.querying.scope import Scope
from warehouse.sql_files import QUERIES, load_sql, purpose_of

SAVED_QUERIES = (
    "new_stances", "new_articles", "stances", "panel", "panel_stances", "stances_by_outlet", "panel_topics",
    "topics_in_all", "strongest_evidence", "who_changed", "outlets_moved", "who_reprints_whom", "most_copied",
    "unsure_shares", "left_out", "source_health", "corrected_shares",
)  # fmt: skip
"""The saved queries from which a report is made."""

MOST_NEW_ARTICLES = 50
"""Number of new articles that a report lists; a night can bring more than fit in memory as rows of Python."""


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """The answer to one saved query.

    Attributes
    ----------
    sql
        The SQL that gives all rows, also if it is copied from a report.
    rows
        All rows; of ``new_articles`` the first ones.
    """

    name: str
    purpose: str
    sql: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything from which a report is made.

    Attributes
    ----------
    answers
        The answers by the name of the saved query.
    stored
        Numbers of everything that is stored, and the commit that the report shows.
    night
        The last night: when it began, and its outcomes; None if there was no night.
    models
        The models whose answers count.
    error_rates
        What the model's card says of its errors; None if this program does not have the card.
    error_rate
        The first sentence of ``error_rates``.
    statements
        The statement of each target that an article speaks about.
    asked
        The targets that new articles are asked about, also those that no article speaks about.
    """

    scope: Scope
    answers: dict[str, QueryAnswer]
    stored: Row
    night: Row | None
    models: list[Row]
    error_rates: str | None
    error_rate: str | None
    statements: dict[str, str]
    asked: tuple[str, ...]

    @property
    def corrected(self) -> dict[str, Row]:
        """By target, the shares that are corrected by people's answers, as in a row of ``stances``."""
        return corrected_by_target(self.answers["corrected_shares"].rows)

    def rows(self, name: str) -> list[Row]:
        """Give the rows of one answer."""
        return self.answers[name].rows


def read_contents(reader: Reader, scope: Scope) -> Contents:
    """Run all queries of a report; the reader should be pinned, so that the answers are consistent.

    Raises
    ------
    InputError
        When the scope names a target or an outlet that is not stored.
    """
    targets, outlets = stored_names(reader, scope.targets, scope.outlets, with_unknown_outlet=True)
    scope = replace(scope, targets=targets, outlets=outlets)
    answers = {name: _answer(reader, scope, name) for name in SAVED_QUERIES}
    (stored,) = query_rows(reader, scope.narrow(_own("stored")))
    models = query_rows(reader, _own("models_that_count"))
    weights = [row["weights_version"] for row in models if not row["is_second"]]
    return Contents(
        scope=scope,
        answers=answers,
        stored=stored,
        night=next(iter(query_rows(reader, _own("last_night"))), None),
        models=models,
        error_rates=next(filter(None, map(error_rates, weights)), None),
        error_rate=next(filter(None, map(error_rate, weights)), None),
        statements={row["target"]: row["statement"] for row in answers["stances"].rows},
        asked=tuple(
            row["target"]
            for row in query_rows(reader, _own("targets_asked"))
            if not scope.targets or row["target"] in scope.targets
        ),
    )


def corrected_by_target(rows: Iterable[Row]) -> dict[str, Row]:
    """Lay out rows of ``corrected_shares`` like those of ``stances``, without targets with too few answers of people.

    Returns
    -------
    dict
        By target: ``share_favor, favor_low, favor_high`` and so on, and ``labelled``, the number of people's answers.
    """
    by_target: dict[str, Row] = {}
    for row in rows:
        if row["corrected_low"] is not None:
            ends = {f"{row['stance']}_{end}": row[f"corrected_{end}"] for end in ("low", "high")}
            shares = {f"share_{row['stance']}": row["corrected"], "labelled": row["labelled"]}
            by_target.setdefault(row["target"], {}).update(shares | ends)
    sides = {"share_favor", "share_against", "share_neutral"}
    return {target: shares for target, shares in by_target.items() if sides <= shares.keys()}


def _answer(reader: Reader, scope: Scope, name: str) -> QueryAnswer:
    sql = scope.narrow(load_sql(name, QUERIES))
    first = f"{sql}\nLIMIT {MOST_NEW_ARTICLES}" if name == "new_articles" else sql
    return QueryAnswer(name, purpose_of(name), sql, query_rows(reader, first))


def _own(name: str) -> str:
    return load_sql(name, Path(__file__).parent)
