"""The writer's private DuckDB file, which follows the commit log.

``db/base.duckdb`` holds every published table as of some commit. Only the holder of the writer's lock opens it. It
starts as a copy of the last published file. An update appends the rows of the missing commits, so that the cost
depends on the size of the night and not of the archive. Publishing gives the file its public name. If the file is
damaged, has another schema, or a takedown has been committed since, it is built again from the Parquet files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

import duckdb
import pyarrow as pa

from commentariat import InputError, WarehouseError
from warehouse.definitions.schema import SCHEMA_VERSION, create_tables, create_view
from warehouse.definitions.tables import BOOKKEEPING, IN_FILES, TABLES
from warehouse.durable import copy_file, engine_error, has_no_room, sync_file
from warehouse.engine import MEMORY_LIMIT, SPILL, Config, engine, reading_explained
from warehouse.log.commit_log import CommitLog
from warehouse.log.relations import live_relation
from warehouse.publishing.appending import append, check_counts
from warehouse.publishing.definition import definition, definition_with_views, has_definition
from warehouse.publishing.generations import generations
from warehouse.sql_files import load_sql, views_sql, without_comments

STORAGE_VERSION = "v1.4.0"
"""DuckDB 1.4 and later can open the published files."""


class Base:
    """The private file and the connection to it.

    Parameters
    ----------
    root
        The warehouse's folder.
    log
        The commit log to follow.
    memory_limit
        Memory that DuckDB may use; beyond that, it spills to ``db/spill``.
    """

    def __init__(self, root: Path, log: CommitLog, *, memory_limit: str = MEMORY_LIMIT) -> None:
        self.root, self.log = root, log
        self.path = root / "db" / "base.duckdb"
        self._memory_limit = memory_limit
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._sequence = 0
        self._has_all_files = False

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection to the file, which is opened or built if necessary."""
        if self._connection is None:
            self._open()
        assert self._connection is not None
        return self._connection

    def _open(self) -> None:
        """Open the file if it fits the log, else a copy of the last published file, else build it from nothing."""
        if self.path.exists() and self._opens():
            return
        for published in generations(self.root)[-1:]:
            self._copy(published)
            if self._opens():
                return
        self._build()

    def _opens(self) -> bool:
        """Open the file; return whether that is possible and the file fits the log."""
        try:
            self._attach()
            return self._fits()
        except duckdb.Error:  # damaged by a crash, or written by another DuckDB
            return False

    def _copy(self, published: Path) -> None:
        """Replace the file by a copy of a published one."""
        self.discard()
        partial = self.path.with_suffix(".partial")
        try:
            copy_file(published, partial)
            sync_file(partial)  # now, so that publishing waits only for the changes
            partial.rename(self.path)
        except OSError:
            # On a full disk, a part of a copy would hold all the room that was left, also for other programs.
            partial.unlink(missing_ok=True)
            raise

    def _build(self) -> None:
        """Replace the file by one with empty tables, which fits every log."""
        self.discard()
        self._attach()
        self.connection.execute("BEGIN")
        self.connection.execute(create_tables((*TABLES.values(), *BOOKKEEPING)))
        self.connection.execute(load_sql("macros"))
        first = [SCHEMA_VERSION, definition()]
        self.connection.execute("INSERT INTO snapshot VALUES (0, '', now(), ?, ?)", first)
        self.connection.execute("COMMIT")

    def _attach(self) -> None:
        config: Config = {
            "storage_compatibility_version": STORAGE_VERSION,
            "memory_limit": self._memory_limit,
            "preserve_insertion_order": "true",
        }
        connection = engine(self.path, spill=self.root / SPILL, config=config)
        self._connection, self._sequence = connection, 0

    def _fits(self) -> bool:
        """Whether the file agrees with the log up to some commit, and later commits only added rows."""
        assert self._connection is not None
        try:
            rows = self._connection.execute("SELECT sequence, checksum, definition FROM snapshot").fetchall()
        except duckdb.Error:
            return False
        if len(rows) != 1 or not has_definition(rows[0][2]):
            return False
        self._sequence = int(rows[0][0])
        known = self.log.at(self._sequence)
        if self._sequence and (known is None or known.checksum != rows[0][1]):
            return False
        return self.log.last_takedown <= self._sequence

    def follow(self) -> None:
        """Append the rows of all commits that the file lacks, in one transaction, and check the counts.

        Raises
        ------
        WarehouseError
            The number of rows differs from that in the log, even after a rebuild: a Parquet file was altered or
            removed.
        """
        self.log.refresh()
        if self._connection is None:
            self._open()
        # A base of commit 0 has no rows that could have been taken down. It was built because the last published file
        # could not be brought up to date, so it must not give way to a copy of that file.
        if 0 < self._sequence < self.log.last_takedown:
            self.discard()
            self._open()
        if self._sequence == self.log.head and self._has_all_files:
            return
        head = self.log.head
        try:
            self._fetch_files()
        except WarehouseError:
            # Another machine deletes files after its commit of a takedown or compaction, which this log lacks then.
            self.log.refresh()
            if self.log.head == head:
                raise
            self.follow()
            return
        if self._sequence == head:
            return
        try:
            self._catch_up()
        except duckdb.OutOfMemoryException as error:
            # Building it anew would need more memory still.
            self._close_anyway()  # this ends the transaction, so that the next attempt can begin one
            raise WarehouseError(
                f"{self.path} could not be brought up to date: {error}. It may spill to {self.root / SPILL}, so free "
                "some disk space there and run again"
            ) from error
        except (duckdb.Error, WarehouseError) as error:
            if has_no_room(self.path, error):  # building it anew would need more room still
                failure = engine_error("bringing the database up to date", self.path, error)
                self._close_anyway()
                raise failure from error
            was_behind = self._sequence > 0
            self.discard()
            if not was_behind:
                raise WarehouseError(
                    f"building {self.path} from the Parquet files failed: {error}. Run `commentariat verify`"
                ) from error
            self._build()
            self.follow()  # compaction has removed a needed file, or the base is damaged: build it again

    def _fetch_files(self) -> None:
        """Fetch the files of other machines' commits from the shared place, and once all that were lost here."""
        if self.log.remote:
            wanted = {file.path for file in self.log.live_files()}
            if self._has_all_files:
                wanted &= {file.path for commit in self.log.after(self._sequence) for file in commit.add}
            self.log.remote.download(self.root, sorted(wanted))
        self._has_all_files = True

    def _catch_up(self) -> None:
        connection = self.connection
        connection.execute("BEGIN")
        append(connection, self.root, self.log, after=self._sequence)
        check_counts(connection, self.log)
        connection.execute("COMMIT")
        self._sequence = self.log.head

    def query(self, sql: str, params: Mapping[str, object], tables: Mapping[str, pa.Table]) -> pa.Table:
        """Run ``sql`` over everything committed, with ``tables`` as additional views.

        Raises
        ------
        InputError
            The query fails.
        WarehouseError
            As :meth:`follow`; or a file of texts or raw scores is missing or damaged.
        """
        self.follow()
        connection = self.connection
        with reading_explained("Opening texts and raw scores", self.root):
            self.show_files(name for name in IN_FILES if name in sql)
        for name, table in tables.items():
            connection.register(name, table)
        try:
            # A parameter that is not given is NULL; one that the statement does not use is left out.
            used = {name: params.get(name) for name in re.findall(r"\$([a-z_]+)", without_comments(sql))}
            result = connection.sql(sql, params=used) if used else connection.sql(sql)
            return cast(pa.Table, result.to_arrow_table())
        except duckdb.IOException as error:  # a file is missing, or there is no room to spill
            raise engine_error("a query", self.root, error, remedy="Run `commentariat verify`") from error
        except duckdb.Error as error:
            raise InputError(f"the query failed: {error}") from error
        finally:
            for name in tables:
                connection.unregister(name)

    def show_files(self, tables: Iterable[str]) -> None:
        """Make views over the present files of ``tables``, which are stored only in Parquet."""
        for name in tables:
            live = live_relation(self.root, name, self.log.live_files(name))
            self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {live}")

    def seal(self) -> None:
        """Update the file, add all views and close it, so that it can get its public name.

        Raises
        ------
        WarehouseError
            The file cannot be written, or a file of texts or raw scores is missing or damaged; nothing was published,
            and the next run builds the file again.
        """
        self.follow()
        try:
            with reading_explained("publishing", self.path):
                self._complete(self.connection)
                # Closing does this too, but on a full disk it reports no error and leaves a file without its tables.
                self.connection.execute("CHECKPOINT")
        except WarehouseError:
            self.discard()
            raise
        self.close()

    def _complete(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Add the parts that only readers need: the views, and the paths of the files of texts and raw scores."""
        connection.execute("BEGIN")
        connection.execute("DELETE FROM data_file")
        for name in IN_FILES:
            files = self.log.live_files(name)
            connection.execute(f"DROP VIEW IF EXISTS temp.{name}")
            connection.execute(create_view(TABLES[name], live_relation(self.root.resolve(), name, files)))
            rows = {"path": [f.path for f in files], "schema_version": [f.schema_version for f in files]}
            insert = f"INSERT INTO data_file SELECT '{name}', unnest($path), unnest($schema_version)"
            connection.execute(insert, rows)
        # A base that began as a copy of the last generation mostly has the present views, and to make them takes longer
        # than all the rest.
        ((made,),) = connection.execute("SELECT definition FROM snapshot").fetchall()
        present = definition_with_views()
        if made != present:
            connection.execute(load_sql("macros"))
            connection.execute(views_sql())
        # A new column of texts or raw scores changes the version of the schema, but not the tables of the base.
        update = "UPDATE snapshot SET published_at = now(), schema_version = ?, definition = ?"
        connection.execute(update, [SCHEMA_VERSION, present])
        connection.execute("COMMIT")

    def close(self) -> None:
        """Close the connection; everything is then in one file, without a write-ahead log beside it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _close_anyway(self) -> None:
        """Close the connection; if its last changes cannot be written, the next use finds what is missing."""
        try:
            self.close()
        except duckdb.Error:
            self._connection = None

    def discard(self) -> None:
        """Delete the file; the next use builds it from the Parquet files."""
        self._close_anyway()
        for path in (self.path, self.path.with_name(self.path.name + ".wal")):
            path.unlink(missing_ok=True)
        self._sequence = 0
