"""The commit log as a Delta table, for stores whose conditional put only Delta's libraries support.

``commit_log/`` beside the warehouse's ``data/`` is a Delta table with one row for each entry of the log; entry *n*
makes version *n*. If several writers try to make version *n*, Delta lets exactly one succeed. By default Delta would
put the rows of the other writers into the next versions. That is switched off, because these writers must first check
the commit of the successful writer.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.fs as pa_fs
import pyarrow.parquet as pq

from commentariat import ConfigError, WarehouseError
from warehouse.sharing.delta_extra import MISSING

try:
    import deltalake
    from deltalake.exceptions import CommitFailedError, DeltaError
    from deltalake.fs import DeltaStorageHandler
    from deltalake.transaction import AddAction, CommitProperties
except ImportError as error:
    raise ConfigError(MISSING) from error

NAME = "commit_log"
_FIELDS: list[pa.Field[Any]] = [pa.field("sequence", pa.int64()), pa.field("entry", pa.binary())]
_SCHEMA = pa.schema(_FIELDS)
_LOOK_BACK = 10
"""The number of entries, before the first that this process sees, that are searched for leftover files."""


class DeltaEntries:
    """The entries of a log kept in the Delta table at ``place``.

    Parameters
    ----------
    place
        Folder or URL (``s3://bucket/commentary/commit_log``); credentials come from the environment.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        self._table: deltalake.DeltaTable | None = None
        self._paths: dict[int, str] = {}
        self._tidied: int | None = None

    def read(self, sequence: int) -> bytes | None:
        """Return entry ``sequence``, or None if there is none yet."""
        try:
            if sequence not in self._paths:
                self._look()
            if sequence not in self._paths:
                return None
            with self._files().open_input_file(self._paths[sequence]) as file:
                entry: bytes = pq.ParquetFile(file).read(["entry"])["entry"][0].as_py()
        except (DeltaError, OSError) as error:
            raise self._failed("reading", sequence, error) from error
        return entry

    def create(self, sequence: int, content: bytes) -> None:
        """Make ``content`` entry ``sequence``, or raise :class:`FileExistsError` and change nothing."""
        try:
            self._look()
            created = sequence not in self._paths and self._commit(sequence, content)
        except (DeltaError, OSError) as error:
            raise self._failed("creating", sequence, error) from error
        if not created:
            raise FileExistsError(sequence)

    def tidy(self, head: int) -> int:
        """Remove the files that killed writers left beside the entries up to ``head``; return their number.

        A writer that is killed after writing its file and before making the version leaves the file in the folder of
        its entry. This searches the folders of the entries made since the last call; the first call also searches those
        of some earlier entries.
        """
        first = max(head - _LOOK_BACK, 0) if self._tidied is None else self._tidied
        removed = 0
        try:
            self._look()
            for sequence in range(first + 1, head + 1):
                selector = pa_fs.FileSelector(f"sequence={sequence}", allow_not_found=True)
                for file in self._files().get_file_info(selector) if sequence in self._paths else []:
                    if not self._is_of(sequence, file.path):
                        self._files().delete_file(file.path)
                        removed += 1
        except FileNotFoundError:  # another writer was faster; the next call removes the rest
            return removed
        except (DeltaError, OSError) as error:
            raise self._failed("tidying", head, error) from error
        self._tidied = head
        return removed

    def _commit(self, sequence: int, content: bytes) -> bool:
        """Try to make version ``sequence``; False if another writer has made it first."""
        table = self._table or self._begin()
        if table.version() != sequence - 1:
            raise WarehouseError(
                f"{self.place} has {table.version()} entries, so {sequence} cannot be the next: restore it"
            )
        path = f"sequence={sequence}/{uuid4().hex}.parquet"  # two writers that try the same number need two files
        with self._files().open_output_stream(path) as file:
            pq.write_table(pa.table({"entry": pa.array([content], pa.binary())}), file)
        written = self._files().get_file_info(path)
        if written.type == pa_fs.FileType.NotFound:
            return False  # the writer that made this entry meanwhile has removed the file
        now = int(time.time() * 1000)
        statistics = json.dumps({"numRecords": 1})
        row = AddAction(path, written.size, {"sequence": str(sequence)}, now, True, statistics)
        try:
            table.create_write_transaction(
                [row],
                "append",
                _SCHEMA,
                partition_by=["sequence"],
                commit_properties=CommitProperties(max_commit_retries=0),
            )
        except CommitFailedError:
            self._look()
            if (
                sequence not in self._paths
            ):  # it may still appear: `tidy` removes the file if another one is named
                raise
            if self._is_of(sequence, path):  # the store has the version, although its answer was an error
                return True
            with suppress(FileNotFoundError):  # the faster writer may have removed it
                self._files().delete_file(path)
            return False
        return True

    def _is_of(self, sequence: int, path: str) -> bool:
        """Whether an entry is in the file `path`; the table may name it from another folder."""
        return PurePosixPath(self._paths[sequence]).name == PurePosixPath(path).name

    def _begin(self) -> deltalake.DeltaTable:
        """Make the table; version 0 has no entry."""
        description = "The commit log of a Commentariat warehouse: entry n is version n."
        try:
            self._table = deltalake.DeltaTable.create(
                self.place, _SCHEMA, partition_by=["sequence"], name=NAME, description=description
            )
        except DeltaError:  # another writer was faster
            self._table = deltalake.DeltaTable(self.place)
        return self._table

    def _look(self) -> None:
        """Read the versions that have been made since the last call."""
        if self._table is None:
            if not deltalake.DeltaTable.is_deltatable(self.place):
                return
            self._table = deltalake.DeltaTable(self.place)
        else:
            self._table.update_incremental()
        listed = pa.table(self._table.get_add_actions(flatten=True)).select(["partition.sequence", "path"])
        self._paths = {row["partition.sequence"]: row["path"] for row in listed.to_pylist()}

    def _files(self) -> pa_fs.PyFileSystem:
        return pa_fs.PyFileSystem(DeltaStorageHandler(self.place))

    def _failed(self, doing: str, sequence: int, error: Exception) -> WarehouseError:
        return WarehouseError(
            f"{doing} entry {sequence} of the Delta table {self.place} failed: {error}. Check the network, the "
            "credentials and the place; nothing committed is lost"
        )
