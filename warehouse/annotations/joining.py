"""The move of people's answers from the inbox into the warehouse: one commit, every answer once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from commentariat import AuditError
from warehouse.annotations.annotation import Annotation
from warehouse.annotations.inbox import Inbox, read_taken
from warehouse.definitions.tables import TABLES
from warehouse.log.entries import Commit


class Committer(Protocol):
    """The part of the writer that is needed here; the writer itself uses this module when a run is over."""

    root: Path

    def turn(self) -> AbstractContextManager[None]:
        """Make other threads wait."""
        ...

    def query_file(
        self,
        name: str,
        params: Mapping[str, object] | None = None,
        tables: Mapping[str, pa.Table] | None = None,
    ) -> pa.Table:
        """Run a statement over everything committed so far."""
        ...

    def commit(self, batch: str, tables: Mapping[str, pa.Table]) -> Commit:
        """Add rows, all or none."""
        ...


@dataclass(frozen=True, slots=True)
class Joined:
    """Numbers of answers that were committed, and of answers about articles that are no longer here."""

    answers: int = 0
    without_article: int = 0


def join_annotations(writer: Committer) -> Joined:
    """Commit the answers in the inbox; publish afterwards.

    An answer about an article that has been taken down, or is not here, is deleted, because none of it may be kept.

    Raises
    ------
    WarehouseError
        The answers could not be committed; they stay in the inbox.
    """
    inbox = Inbox(writer.root)
    if inbox.is_empty:
        return Joined()
    with writer.turn():
        files = inbox.take()
        joined = _commit_new_ones(writer, read_taken(files))
        inbox.are_joined(files)
    return joined


def _commit_new_ones(writer: Committer, given: Sequence[Annotation]) -> Joined:
    """Commit those of the answers that are new and are about an article that is here.

    Another machine may take an article down, or commit the same answer, between the query and the commit. The audits
    then refuse all of them, and the query is made again. If its result is the same, the fault is in the answers.
    """
    fields = [field for field in TABLES["annotation"].arrow if field.name not in ("run_id", "month")]
    incoming = pa.Table.from_pylist([annotation.row for annotation in given], pa.schema(fields))
    refused: pa.Table | None = None
    while True:
        fresh = writer.query_file("new_annotations", tables={"incoming": incoming})
        rows = fresh.filter(fresh["is_here"]).drop_columns(["is_here"])
        joined = Joined(rows.num_rows, fresh.num_rows - rows.num_rows)
        if not rows.num_rows:
            return joined
        ids = "\n".join(sorted(str(key) for key in rows["annotation_id"].to_pylist()))
        batch = f"annotations-{hashlib.sha256(ids.encode()).hexdigest()[:16]}"
        try:
            writer.commit(batch, {"annotation": rows})
        except AuditError:
            if refused is not None and rows.equals(refused):
                raise
            refused = rows
        else:
            return joined
