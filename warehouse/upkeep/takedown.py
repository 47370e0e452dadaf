"""Takedown: the removal of an article from every file that ever held it, so that it does not come back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from commentariat import InputError
from warehouse.annotations.joining import join_annotations
from warehouse.definitions.tables import TABLES
from warehouse.durable import explained
from warehouse.engine import MEMORY_LIMIT, engine, reading_explained
from warehouse.log.commit_log import OvertakenError
from warehouse.log.entries import TAKEDOWN
from warehouse.sql_files import load_sql
from warehouse.upkeep.rewriting import Rewriting
from warehouse.upkeep.strays import remove_strays
from warehouse.writing.conform import conform, strings
from warehouse.writing.parquet import StagedFile, stage
from warehouse.writing.staging import FurtherChanges, clear_staging
from warehouse.writing.writer import Writer

_ATTEMPTS = 10
"""How often to begin again if another machine has merged files or taken something down."""
_MOST_CHECKS = 1_000
"""How often to check for new commits of other machines: some minutes in a large warehouse."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The result of a takedown.

    Attributes
    ----------
    article_ids, urls
        Ids and URLs that were removed and may not come back.
    rows
        Rows removed, by table.
    files
        Parquet files that were rewritten or removed.
    copies
        Articles known as copies of removed articles. They are other pages, and stay unless they are named themselves:
        of a copy, only its address and the outcome ``duplicate`` are stored.
    not_found
        URLs, ids and outlets that were named and are not known here.
    """

    article_ids: tuple[str, ...]
    urls: tuple[str, ...]
    rows: dict[str, int]
    files: int
    copies: tuple[str, ...]
    not_found: tuple[str, ...] = ()


def take_down(
    writer: Writer,
    *,
    reason: str,
    urls: Sequence[str] = (),
    article_ids: Sequence[str] = (),
    outlets: Sequence[str] = (),
    most_checks: int = _MOST_CHECKS,
) -> Receipt:
    """Remove articles named by URL, id or outlet from the warehouse, and publish.

    An article is removed under all its known addresses, whichever was named: the address under which it was listed,
    the one to which that redirects, and the one that its page names as its own. Its rows are removed from all tables;
    only ``outcome`` keeps its rows, with the reason replaced, so that the counts of runs still agree. The replaced
    files, trash, staging, all older snapshots and the report are deleted, not kept. For each address a tombstone stays:
    id, URL, reason.

    Files that other machines commit meanwhile are checked too, each file once, before the commit is made. Nothing of an
    article that is taken down is left. An article of a named outlet that comes in meanwhile stays, like later ones.

    Parameters
    ----------
    most_checks
        How often other machines may be faster before this gives up.

    Raises
    ------
    InputError
        The reason is empty, nothing was named, or nothing that was named is here.
    OvertakenError
        Other machines commit so often that this never came through; nothing was taken down.
    """
    if not reason.strip():
        raise InputError("a takedown needs a reason, which its tombstone keeps; nothing was taken down")
    not_found = names_not_found(writer, urls=urls, article_ids=article_ids, outlets=outlets)
    # The articles of an outlet are determined now, because new ones may come in during the takedown.
    of_outlets = writer.query_file("of_outlets", tables={"outlets": _names(outlets)})
    ids = [*article_ids, *strings(of_outlets, "article_id")]
    tables = {"urls": _names(urls), "ids": _names(ids), "outlets": _names(())}

    def named() -> pa.Table:
        rows = writer.query(load_sql("takedown"), tables=tables)
        return rows.append_column("reason", pa.array([reason] * rows.num_rows, pa.string()))

    receipt = _until_not_overtaken(writer, named, note=reason, most_checks=most_checks)
    if receipt is None:
        raise InputError(
            "nothing in the warehouse has this URL, article id or outlet, or it is gone already; "
            "nothing was taken down"
        )
    return replace(receipt, not_found=not_found)


def names_not_found(
    writer: Writer,
    *,
    urls: Sequence[str] = (),
    article_ids: Sequence[str] = (),
    outlets: Sequence[str] = (),
) -> tuple[str, ...]:
    """Give the names that lead to nothing in the warehouse, because a misspelt one must not pass for taken down."""
    tables = {"urls": _names(urls), "ids": _names(article_ids), "outlets": _names(outlets)}
    return tuple(strings(writer.query_file("names_not_found", tables=tables), "name"))


def take_down_relisted(writer: Writer) -> Receipt | None:
    """Take down articles that have come in again under an unknown address; return None if there are none.

    A feed may list an article that was taken down under yet another address. The item, including the headline, is
    stored before the page has been read and recognised. A night does this before it publishes what it has taken
    in, and once more at its end. The reason is that of the first takedown.

    Raises
    ------
    OvertakenError
        Other machines commit so often that this never came through; nothing was taken down.
    """
    note = "came in again under another address"
    return _until_not_overtaken(writer, lambda: writer.query_file("came_since"), note=note)


def _names(values: Iterable[str]) -> pa.Table:
    return pa.table({"name": pa.array(list(values), pa.string())})


class _ChecksLeft:
    """The number of checks for new commits of other machines that are left."""

    def __init__(self, most: int) -> None:
        self.left = most

    def take_one(self) -> None:
        """Count one check, or raise :class:`OvertakenError` if none is left."""
        if not self.left:
            raise OvertakenError("no check is left")
        self.left -= 1


def _until_not_overtaken(
    writer: Writer, find: Callable[[], pa.Table], *, note: str, most_checks: int = _MOST_CHECKS
) -> Receipt | None:
    checks = _ChecksLeft(most_checks)
    with writer.turn():
        for _ in range(_ATTEMPTS):
            with suppress(OvertakenError):
                return _take_down(writer, find, note, checks)
            if not checks.left:
                break
    raise OvertakenError(
        "other machines commit without a pause and were always faster: nothing was taken down. Stop their runs, or let "
        "them end, and try again"
    )


def _take_down(
    writer: Writer, find: Callable[[], pa.Table], note: str, checks: _ChecksLeft
) -> Receipt | None:
    """Take down the addresses that ``find`` gives (article_id, url, reason); None if nothing of them is here.

    Raises :class:`OvertakenError` if it has to begin again, or if no check is left.
    """
    gone, found_at, before = find(), writer.log.head, writer.log.last_takedown

    def is_overtaken() -> bool:
        more = set(strings(find(), "article_id")) - set(strings(gone, "article_id"))
        return bool(more) or writer.log.last_takedown != before

    if not gone.num_rows:
        return None
    join_annotations(writer)  # answers about the article must not wait in the inbox
    with explained("Taking down", writer.root):
        clear_staging(writer.root, writer.log)  # files that failed batches of this run have left
        remove_strays(writer.root, writer.log)
    copies = writer.query_file("copies_that_stay", tables={"gone": gone})["article_id"].to_pylist()
    without_tombstone = writer.query_file("without_tombstone", tables={"gone": gone})
    if writer.log.head != found_at and is_overtaken():
        raise OvertakenError("begin anew")
    batch = f"takedown-{writer.log.head}"
    with (
        writer.staging(batch) as folder,
        explained("Taking down", writer.root),
        reading_explained("Taking down", writer.root),
        engine(spill=folder / "spill", config={"memory_limit": MEMORY_LIMIT}) as connection,
    ):
        connection.register("gone", gone)
        rewriting = Rewriting(writer, connection, folder)
        first = rewriting.check_new_files()
        if not first.remove and not without_tombstone.num_rows:
            return None

        def check_again() -> FurtherChanges:
            checks.take_one()
            if is_overtaken():
                raise OvertakenError("begin anew")
            return rewriting.check_new_files()

        staged = [*first.staged, *_tombstones(writer, without_tombstone, folder)]
        full_note = f"{gone.num_rows} addresses: {note}"
        writer.commit_staged(
            batch, TAKEDOWN, staged, folder=folder, remove=first.remove, note=full_note, recheck=check_again
        )
    writer.update_search()
    writer.publish()
    return Receipt(
        tuple(strings(gone, "article_id")),
        tuple(url for url in gone["url"].to_pylist() if url),
        {name: n for name, n in rewriting.rows.items() if n},
        rewriting.files,
        tuple(str(copy) for copy in copies),
    )


def _tombstones(writer: Writer, gone: pa.Table, folder: Path) -> Iterable[StagedFile]:
    now = pa.array([datetime.now(UTC)] * gone.num_rows, pa.timestamp("us", "UTC"))
    table = {"tombstone": gone.append_column("taken_down_at", now)}
    shaped = conform(table, run_id=writer.run_id, find_months=lambda _: {}).get("tombstone")
    return [] if shaped is None else stage(TABLES["tombstone"], shaped, run_id=writer.run_id, folder=folder)
