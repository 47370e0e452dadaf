"""The folder of a warehouse: who may write in it, and how a run that writes starts."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from commentariat import WarehouseError
from warehouse.durable import explained, make_folder
from warehouse.engine import MEMORY_LIMIT
from warehouse.log.checkpoint import EVERY
from warehouse.log.commit_log import CommitLog
from warehouse.log.entries import Commit, DataFile
from warehouse.log.remote import Remote
from warehouse.publishing.generations import KEEP_GENERATIONS, is_published
from warehouse.publishing.publish import OnStep
from warehouse.sharing.place import adopt
from warehouse.sharing.working_copy import record_place, recorded, refuse_new_copy
from warehouse.writing.lock import write_lock
from warehouse.writing.recovery import recover
from warehouse.writing.writer import Writer

logger = logging.getLogger(__name__)

FOLDERS = ("db", "data", "log", "staging", "trash")


def _log_step(step: str) -> None:
    logger.debug("%s", step)


def _make_folders(root: Path) -> None:
    for name in FOLDERS:
        make_folder(root / name)


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A warehouse in a folder. Creating this object does not change anything on disk.

    Attributes
    ----------
    path
        The warehouse's folder; :meth:`writing` creates it.
    on_step
        Called with the name of each finished step of a commit or publish, for progress and tracing.
    remote
        The shared place that holds the authoritative files if the folder does not. The folder is then a working copy
        (see :mod:`warehouse.log.remote` and :func:`warehouse.sharing.place.shared_place`). Several machines may
        write at once, each in its own working copy. A folder that has been connected to a shared place can be written
        in only with this place (see :mod:`warehouse.sharing.working_copy`).
    keep_snapshots
        Number of published snapshots that stay on disk.
    checkpoint_every
        After this number of commits the state of the log is stored, so that the next run reads only the later entries.
    may_join
        False if :meth:`writing` must not make the folder a working copy of the shared place, unless it is one already.
    """

    path: Path | str
    on_step: OnStep = _log_step
    remote: Remote | None = None
    keep_snapshots: int = KEEP_GENERATIONS
    checkpoint_every: int = EVERY
    may_join: bool = True

    @property
    def root(self) -> Path:
        """The folder."""
        return Path(self.path)

    def commits(self) -> list[Commit]:
        """Read the commit log. No lock is needed."""
        log = CommitLog(self.existing() / "log", self.remote)
        log.refresh()
        return list(log)

    def live_files(self, table: str | None = None) -> list[DataFile]:
        """List the Parquet files that make up the warehouse now, or one table of it. No lock is needed."""
        log = CommitLog(self.existing() / "log", self.remote)
        log.refresh()
        return log.live_files(table)

    def existing(self) -> Path:
        """Return the folder; raise :class:`WarehouseError` if it is not a warehouse."""
        with explained("Looking for the warehouse", self.root):
            is_there, has_log = self.root.exists(), (self.root / "log").is_dir()
        if not is_there:
            raise WarehouseError(
                f"there is no warehouse at {self.root}: run `commentariat run`, or name another folder"
            )
        if not has_log:
            raise WarehouseError(
                f"{self.root} is not a warehouse (it has no log folder): name another folder"
            )
        return self.root

    def create(self) -> Path:
        """Create the folder if it does not exist.

        Raises
        ------
        WarehouseError
            When the folder holds something else, cannot be written, or has a name that DuckDB cannot use.
        """
        if odd := [character for character in "?\\" if character in str(self.root.absolute())]:
            raise WarehouseError(
                f"{self.root.absolute()}: DuckDB cannot write under a path with {odd[0]}: name another folder"
            )
        with explained("Creating the warehouse", self.root):
            if self.root.exists() and not self.root.is_dir():
                raise WarehouseError(
                    f"{self.root} is a file, not a folder: name another place for the warehouse"
                )
            foreign = self.root.is_dir() and any(self.root.iterdir()) and not (self.root / "log").is_dir()
            # A run that was killed while it created the warehouse leaves some of the folders, all of them empty.
            if foreign and any(p.name not in FOLDERS or any(p.iterdir()) for p in self.root.iterdir()):
                raise WarehouseError(
                    f"{self.root} is not empty and not a warehouse: name an empty or new folder"
                )
            _make_folders(self.root)
        return self.root

    @contextmanager
    def writing(
        self,
        *,
        flow: str,
        run_id: str | None = None,
        is_of_inputs: bool | None = None,
        create: bool = True,
        wait_seconds: float = 0.0,
        memory_limit: str = MEMORY_LIMIT,
    ) -> Iterator[Writer]:
        """Hold the writer's lock, recover from an interrupted run, and give the writer.

        Parameters
        ----------
        flow
            The kind of run, for people.
        run_id
            Name of the run: letters, digits, ``.``, ``_``, ``-``. A second start under the same name continues the run:
            batches that were committed are not committed twice. Without a name, a new one is made from the time.
        is_of_inputs
            Whether the run takes in only what was named with --input, and is no night; None if it takes in nothing.
        create
            False if a wrong folder name must not create a new warehouse.
        wait_seconds
            How long to wait for another run to end.
        memory_limit
            Largest amount of memory for DuckDB in the writer's own database; beyond it, DuckDB spills to the disk.

        Raises
        ------
        WarehouseLockedError
            When another run is writing.
        WarehouseError
            When the folder cannot be used as a warehouse, or belongs to another shared place.
        """
        run_id = run_id or f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:8]}"
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", run_id):
            raise WarehouseError(
                f"run id {run_id!r} should be up to 100 letters, digits, dots, dashes, underscores"
            )
        root = self.root if create else self.existing()
        if self.remote is not None and not self.may_join:
            refuse_new_copy(root, self.remote)
        if create:
            self.create()
        with (
            write_lock(root / "lock", run_id=run_id, flow=flow, wait_seconds=wait_seconds),
            recorded(root, self.remote),
        ):
            with explained("Making missing folders", root):
                _make_folders(root)  # a backup has only some of them, and some tools leave out empty ones
            log = CommitLog(root / "log", self.remote)
            log.refresh()
            if adopt(root, log) and self.remote is not None:
                record_place(root, self.remote)  # the night that follows may be long, and be killed
            for sentence in recover(root, log):
                logger.info("recovery: %s", sentence)
            writer = Writer(
                root,
                log,
                run_id=run_id,
                flow=flow,
                is_of_inputs=is_of_inputs,
                on_step=self.on_step,
                memory_limit=memory_limit,
                keep_snapshots=self.keep_snapshots,
                checkpoint_every=self.checkpoint_every,
            )
            try:
                if log.head and not is_published(root, head=log.head):
                    writer.update_search()
                    writer.publish()
                writer.tidy()
                yield writer
            finally:
                writer.close()
