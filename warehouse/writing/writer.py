"""The writer of a warehouse: it commits batches (files are staged, audited and renamed, then logged) and publishes."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from commentariat import AuditError, WarehouseError
from warehouse.annotations.joining import join_annotations
from warehouse.definitions.tables import TABLES
from warehouse.durable import explained
from warehouse.engine import SPILL, reading_explained
from warehouse.log.commit_log import CommitLog
from warehouse.log.entries import APPEND, FINISH, Commit, CommitKind, DataFile, now
from warehouse.near import NearIndex
from warehouse.publishing.base import Base
from warehouse.publishing.publish import OnStep, publish
from warehouse.search import update as search_update
from warehouse.spill import remove_abandoned
from warehouse.sql_files import load_sql
from warehouse.writing.audit import refuse_violations
from warehouse.writing.conform import conform
from warehouse.writing.parquet import StagedFile, stage
from warehouse.writing.staging import FurtherChanges, name_files, staging, write_intent
from warehouse.writing.tidying import tidy


class Writer:
    """The only writer, from :meth:`Warehouse.writing`. Its methods may be called from several threads."""

    def __init__(
        self,
        root: Path,
        log: CommitLog,
        *,
        run_id: str,
        flow: str,
        is_of_inputs: bool | None = None,
        on_step: OnStep,
        memory_limit: str,
        keep_snapshots: int,
        checkpoint_every: int,
    ) -> None:
        self.root, self.run_id, self.flow, self._is_of_inputs = root, run_id, flow, is_of_inputs
        self.log, self._on_step, self._keep_snapshots = log, on_step, keep_snapshots
        self._checkpoint_every = checkpoint_every
        self._base = Base(root, log, memory_limit=memory_limit)
        self._near = NearIndex(root, log)
        self._turn, self._is_over = threading.RLock(), False
        before = log.run(run_id)
        self._started_at = before.started_at if before else now()

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Make other threads wait during the block; every method that reads or writes uses this.

        Raises
        ------
        WarehouseError
            The run is over and another run may have the lock: a thread that was no longer awaited came too late.
        """
        with self._turn:
            if self._is_over:
                raise WarehouseError(
                    f"run {self.run_id} is over and has released its lock: start another one"
                )
            yield

    def committed(self, batch: str) -> Commit | None:
        """Return the commit of this run's ``batch`` if it has been made, here or by another machine."""
        with self.turn():
            self.log.refresh()
            return self.log.find(self.run_id, batch)

    def commit(self, batch: str, tables: Mapping[str, pa.Table]) -> Commit:
        """Add rows, all or none; when this returns, they are durable.

        Parameters
        ----------
        batch
            Name of the batch within the run. A batch already committed is not committed again; its commit is
            returned.
        tables
            Rows by table name. ``run_id``, ``month`` and ``article.char_count`` may be left out.

        Raises
        ------
        WarehouseError
            The rows do not fit the tables, an audit found something, or the disk failed. Nothing is committed
            then.
        """
        with self.turn():
            if existing := self.committed(batch):
                return existing
            with explained(f"Committing batch {batch}", self.root):
                shaped = conform(tables, run_id=self.run_id, find_months=self._find_months)
                with self.staging(batch) as folder:
                    commit = self._commit(batch, shaped, folder)
                self._on_step("staging cleared")
            return commit

    def _commit(self, batch: str, shaped: Mapping[str, pa.Table], folder: Path) -> Commit:
        staged: list[StagedFile] = []
        for name, data in shaped.items():
            staged += stage(TABLES[name], data, run_id=self.run_id, folder=folder)
        self._on_step("staged")
        try:
            refuse_violations(self._base, staged, batch=batch, run_id=self.run_id)
        except AuditError:
            if existing := self.log.find(self.run_id, batch):  # another machine has committed it meanwhile
                return existing
            raise
        self._on_step("audited")
        in_place = [replace(s, staged=self.root / s.file.path) for s in staged]

        def recheck() -> FurtherChanges:
            refuse_violations(self._base, in_place, batch=batch, run_id=self.run_id)
            return FurtherChanges()

        return self.commit_staged(batch, APPEND, staged, folder=folder, recheck=recheck)

    def staging(self, batch: str) -> AbstractContextManager[Path]:
        """Make a new, empty folder in which to prepare ``batch``; see :func:`warehouse.writing.staging.staging`."""
        return staging(self.root, self.log, run_id=self.run_id, batch=batch)

    def commit_staged(
        self,
        batch: str,
        kind: CommitKind,
        staged: list[StagedFile],
        *,
        folder: Path,
        remove: tuple[str, ...] = (),
        note: str = "",
        recheck: Callable[[], FurtherChanges] = FurtherChanges,
    ) -> Commit:
        """Give staged files their final names and make the commit. For maintenance; :meth:`commit` includes this.

        Parameters
        ----------
        folder
            The folder with the files, from :meth:`staging`, which undoes all this if it fails.
        recheck
            Called whenever another machine has committed meanwhile; gives the further changes of this commit.

        Raises
        ------
        OvertakenError
            Another machine has removed a file meanwhile that this commit was to remove, or ``recheck`` raised it.
        """
        named: list[StagedFile] = []

        def give_names(files: Sequence[StagedFile]) -> tuple[DataFile, ...]:
            named.extend(files)
            write_intent(folder, run_id=self.run_id, batch=batch, files=named)
            self._on_step("intent written")
            name_files(self.root, self.log.remote, files, on_step=self._on_step)
            return tuple(s.file for s in files)

        def check_again(commit: Commit) -> Commit:
            more = recheck()
            if more.staged or more.remove:
                add = commit.add + give_names(more.staged)
                commit = replace(commit, add=add, remove=commit.remove + more.remove)
            self._on_step("looked again")
            return commit

        add = give_names(staged)
        wanted = Commit(
            sequence=0,
            run_id=self.run_id,
            batch=batch,
            flow=self.flow,
            kind=kind,
            started_at=self._started_at,
            committed_at=now(),
            add=add,
            remove=remove,
            note=note,
            is_of_inputs=self._is_of_inputs,
        )
        commit = self.log.append(wanted, recheck=check_again)
        self._on_step("logged")
        return commit

    def finish(self, note: str = "") -> Commit:
        """Record that the run is over and how it ended; publish afterwards. Further commits are possible.

        People's answers in the inbox are committed first, in their own commit.
        """
        join_annotations(self)
        with self.turn(), explained("Finishing the run", self.root):
            run = self.log.run(self.run_id)
            return self.log.append(
                Commit(
                    sequence=0,
                    run_id=self.run_id,
                    batch=f"finish-{run.finishes + 1 if run else 1}",
                    flow=self.flow,
                    kind=FINISH,
                    started_at=self._started_at,
                    committed_at=now(),
                    note=note,
                    is_of_inputs=self._is_of_inputs,
                )
            )

    def query_file(
        self,
        name: str,
        params: Mapping[str, object] | None = None,
        tables: Mapping[str, pa.Table] | None = None,
    ) -> pa.Table:
        """Run ``warehouse/sql/<name>.sql`` over everything committed so far.

        Parameters
        ----------
        params
            Values of the ``$name`` parameters.
        tables
            Further tables that the statement reads, by the names that it uses for them.
        """
        return self.query(load_sql(name), params, tables)

    def query(
        self,
        sql: str,
        params: Mapping[str, object] | None = None,
        tables: Mapping[str, pa.Table] | None = None,
    ) -> pa.Table:
        """Run a query over everything committed so far; see :meth:`query_file`."""
        with self.turn(), explained("Opening the database of the run", self.root):
            return self._base.query(sql, params or {}, tables or {})

    def near_duplicates(self, incoming_band: pa.Table) -> pa.Table:
        """Find the articles committed so far that share signature bands with incoming ones.

        Parameters
        ----------
        incoming_band
            Rows of ``article_id, algorithm, band, hash``.

        Returns
        -------
        pa.Table
            ``article_id, candidate_id, revision, bands_shared, text``: the candidates at their latest revision, most
            shared bands first. The caller compares the texts.

        Raises
        ------
        WarehouseError
            The index of bands cannot be written, or the Parquet files cannot be read.
        """
        doing = "Looking for near-duplicates"
        with self.turn(), explained(doing, self.root), reading_explained(doing, self.root):
            self._base.follow()
            return self._near.candidates(incoming_band)

    def publish(self) -> Path:
        """Publish everything committed so far; return the new DuckDB file."""
        with self.turn(), explained("Publishing", self.root):
            generation = publish(self.root, self._base, on_step=self._on_step)
            self.tidy()
            return generation

    def fetch(self) -> None:
        """Fetch the files that the log names and this machine lacks: a commit may bring other machines' entries."""
        with self.turn(), explained("Fetching files of other machines", self.root):
            self._base.follow()

    def update_search(self) -> int:
        """Index the texts that are new for full-text search, about half a millisecond each; returns how many."""
        doing = "Updating the search index"
        with self.turn(), explained(doing, self.root), reading_explained(doing, self.root):
            # The last commit may have brought entries of other machines into the log, and this fetches their files.
            self._base.follow()
            return search_update.update(self.root, self.log)

    def tidy(self) -> None:
        """Remove what nobody needs once everything is published; see :func:`warehouse.writing.tidying.tidy`."""
        tidy(
            self.root,
            self.log,
            keep_snapshots=self._keep_snapshots,
            checkpoint_every=self._checkpoint_every,
            forget_taken_down=self._forget_taken_down,
            on_step=self._on_step,
        )

    def _forget_taken_down(self) -> None:
        """Remove taken-down content from what is made of the data files, beside the generations."""
        self._near.discard()
        # Every file is here, because the log has been published: following it would only open the base once more.
        search_update.update(self.root, self.log)
        shutil.rmtree(self.root / SPILL, ignore_errors=True)  # no open connection needs it
        remove_abandoned()

    def close(self) -> None:
        """Close the private DuckDB file and the index of bands, and remove the staging folder."""
        with self._turn:
            self._is_over = True
            self._base.close()
            self._near.close()
            # The folder may be missing, or not empty after a failed batch; recovery then removes it.
            with contextlib.suppress(OSError):
                (self.root / "staging" / self.run_id).rmdir()

    def _find_months(self, keys: pa.Table) -> dict[tuple[str, int], str]:
        months = self._base.query(load_sql("months_of"), {}, {"sought": keys})
        return {(row["article_id"], row["revision"]): row["month"] for row in months.to_pylist()}
