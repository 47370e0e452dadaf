"""Rows of ``target``, ``source``, ``model`` and ``reading``: targets, sources and models of a run, stored on change."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from models import Target
from tasks.load import Row
from tasks.sources import Source
from tasks.targets.statement_hash import statement_hash
from warehouse import Writer

ONLY_COMPARED = 0
"""Rank of a model that the configuration has never named: its answers are stored and do not count."""


def changed_targets(writer: Writer, targets: Iterable[Target], at: datetime, *, retire: bool) -> list[Row]:
    """Rows for targets that are new, that have a new wording, or that are not asked any more.

    Parameters
    ----------
    retire
        Whether stored targets that are not among ``targets`` are retired. A run over a few named inputs asks some extra
        targets and must not retire the others.
    """
    stored = {row["target"]: row for row in writer.query_file("latest_targets").to_pylist()}
    rows = [_target_row(target, at) for target in targets]
    asked = {row["target"] for row in rows}
    changed = [row for row in rows if not _same(row, stored.get(row["target"]), ("asked_from",))]
    if retire:
        gone = (row for target, row in stored.items() if target not in asked and row["active"])
        changed += [row | {"active": False} for row in gone]
    return [row | {"asked_from": _later(at, stored.get(row["target"]), "asked_from")} for row in changed]


def reworded_targets(writer: Writer, targets: Iterable[Target]) -> list[str]:
    """Give the ids of the targets that are worded otherwise than when their answers that count were given."""
    counting = {
        row["target"]: row["statement_hash"]
        for row in writer.query_file("latest_targets").to_pylist()
        if row["active"]
    }
    return [
        target.id
        for target in targets
        if target.id in counting and counting[target.id] != statement_hash(target)
    ]


def changed_sources(writer: Writer, sources: Iterable[Source], at: datetime) -> list[Row]:
    """Rows for sources that are new or configured differently from before."""
    stored = {row["source"]: row for row in writer.query_file("latest_sources").to_pylist()}
    rows = [
        {
            "source": source.name,
            "kind": source.type,
            "location": " ".join(source.locations),
            "outlet": source.outlet,
            "language": source.language,
            # NULL, not true, if the configuration has no such entry: older rows without this column are read as NULL
            # too.
            "second_model": None if source.second_model else False,
            "since": at,
        }
        for source in sources
    ]
    changed = [row for row in rows if not _same(row, stored.get(row["source"]), ("since",))]
    return [row | {"since": _later(at, stored.get(row["source"]), "since")} for row in changed]


def new_model(
    writer: Writer, version: str, name: str, taxonomy_version: str, at: datetime, *, weights_version: str
) -> list[Row]:
    """Row for a model that is new in this warehouse; :func:`changed_ranks` decides whether its answers count."""
    known = writer.query_file("known_models").to_pylist()
    if any(row["model_version"] == version and row["has_answered"] for row in known):
        return []
    return [
        {
            "model_version": version,
            "weights_version": weights_version,
            "name": name,
            "rank": ONLY_COMPARED,
            "taxonomy": taxonomy_version,
            "first_used_at": at,
        }
    ]


def new_second_model(
    writer: Writer, version: str, name: str, asked_with: str, at: datetime
) -> dict[str, list[Row]]:
    """Rows of ``model`` and ``reading`` for a second model that is new in this warehouse: its answers count."""
    known = writer.query_file("known_models").to_pylist()
    if any(row["model_version"] == version for row in known):
        return {"model": [], "reading": []}
    named = {"model_version": version, "name": name}
    best = max((row["rank"] for row in known), default=ONLY_COMPARED)
    return {
        "model": [named | {"asked_with": asked_with, "rank": ONLY_COMPARED, "first_used_at": at}],
        "reading": [named | {"stated_right": None, "rank": best + 1, "current_from": at}],
    }


def changed_ranks(
    writer: Writer,
    version: str,
    name: str,
    stated_right: float,
    at: datetime,
    *,
    second_asked_with: str | None = None,
) -> list[Row]:
    """Rows by which the answers of a model count, if the configuration names another model than at the last run.

    No text is read again for this: answers that the model has already given count from then on. Where it has not
    answered yet, the answers of the previously named model still count.

    Parameters
    ----------
    second_asked_with
        The way in which the second model is asked, if the configuration names one. Then answers of second models count
        before those of the first, and answers asked in this way count before other ways. If it is None, only the first
        model's answers count.
    """
    known = writer.query_file("known_models").to_pylist()
    ranks = {row["model_version"]: row["rank"] for row in known}
    seconds = [row for row in known if row["asked_with"] is not None]  # best last
    if second_asked_with is None:
        seconds = []
    seconds.sort(key=lambda row: row["asked_with"] == second_asked_with)
    named = [version, *(row["model_version"] for row in seconds)]
    best = max(ranks.values(), default=ONLY_COMPARED)
    others = max((rank for model, rank in ranks.items() if model not in named), default=ONLY_COMPARED)
    as_it_is = [ranks.get(model, ONLY_COMPARED) for model in named]
    if as_it_is[0] > others and as_it_is == sorted(set(as_it_is)):
        return []
    return [
        {
            "model_version": model,
            "name": name if model == version else model,
            "stated_right": stated_right if model == version else None,
            "rank": rank,
            "current_from": at,
        }
        for rank, model in enumerate(named, start=best + 1)
    ]


def _target_row(target: Target, asked_from: datetime) -> Row:
    return {
        "target": target.id,
        "statement": target.statement,
        "statement_hash": statement_hash(target),
        # NULL, not an empty list, if there are none: older rows without these columns are read as NULL too.
        "also": [wording.statement for wording in target.also if not wording.denied] or None,
        "denied": [wording.statement for wording in target.also if wording.denied] or None,
        "aliases": list(target.aliases),
        "active": True,
        "asked_from": asked_from,
    }


def _later(now: datetime, stored: Row | None, column: str) -> datetime:
    """Give the time from which a row counts that replaces a stored row; the latest of several rows counts.

    If the clock was once ahead of its present time, this is just after the stored row's time and not ``now``.
    """
    return now if stored is None else max(now, stored[column] + timedelta(microseconds=1))


def _same(row: Row, stored: Row | None, ignoring: tuple[str, ...]) -> bool:
    return stored is not None and all(
        stored[column] == value for column, value in row.items() if column not in ignoring
    )
