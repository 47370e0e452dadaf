"""Reading: a connection to the published snapshot that writes nothing and follows newer snapshots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self, cast

import duckdb
import pyarrow as pa

from commentariat import InputError, WarehouseError
from warehouse.definitions.schema import SCHEMA_VERSION
from warehouse.durable import explained
from warehouse.publishing.generations import LINK, current_generation
from warehouse.querying.earlier import show_as_today
from warehouse.querying.in_files import TablesInFiles
from warehouse.querying.locked_down import lock_down
from warehouse.querying.own_tables import OwnTable, names_in, own_tables
from warehouse.sql_files import QUERIES, load_sql

_NO_TABLES: Mapping[str, OwnTable] = MappingProxyType({})


def connect(
    path: Path | str, *, memory_limit: str | None = None, tables: Mapping[str, OwnTable] = _NO_TABLES
) -> Reader:
    """Open the published snapshot of the warehouse at ``path`` for reading.

    The connection can stay open for days: before each statement it checks whether a newer snapshot has been
    published, and opens it. It can neither change the warehouse nor access any other file: external access is
    switched off and the configuration locked, so that SQL from unknown people may be run. Article texts are in the
    table ``article_text``; ``FROM search('words')`` is a full-text search.

    Parameters
    ----------
    tables
        The caller's own tables, by name, to be queried together with the warehouse's: files (CSV, TSV, JSON lines,
        Parquet), Arrow tables or data frames. They are read once, and remain available in new snapshots.

    Raises
    ------
    InputError
        One of the caller's own tables cannot be read, or has a name that the warehouse uses.
    WarehouseError
        There is no published warehouse at ``path``, or a newer version of this program wrote it.

    Examples
    --------
    >>> with connect("commentary") as warehouse:                                    # doctest: +SKIP
    ...     warehouse.query("SELECT outcome, count(*) AS n FROM outcome GROUP BY ALL").to_pylist()
    """
    return Reader(Path(path), memory_limit=memory_limit, tables=tables)


class Reader:
    """A read-only connection that follows new snapshots; made by :func:`connect`. Use one per thread."""

    def __init__(
        self, root: Path, *, memory_limit: str | None = None, tables: Mapping[str, OwnTable] = _NO_TABLES
    ) -> None:
        self.root, self._memory_limit = root, memory_limit
        self._wanted: Mapping[str, OwnTable] = tables
        self._own: dict[str, pa.Table] | None = None
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._in_files: TablesInFiles | None = None
        self.generation: Path | None = None
        self._pinned = False
        self.refresh()

    def refresh(self) -> bool:
        """Open the newest snapshot if it is not open yet; return whether it changed. Every query calls this.

        Raises
        ------
        WarehouseError
            There is no warehouse, nothing has been published, this user may not read there, the published file or a
            file of texts or raw scores cannot be opened, or a newer version of this program has published it.
        """
        if self._pinned:
            return False
        failure: Exception | None = None
        # Between reading the link and opening the file, the generation may be pruned, or texts of it may be taken down.
        for _ in range(10):
            generation, failure = current_generation(self.root), None
            if generation is not None and generation == self.generation:
                return False
            if generation is not None:
                try:
                    self._open(generation)
                except (duckdb.IOException, FileNotFoundError) as error:
                    failure = error
                    continue
                return True
        if failure is not None:
            raise WarehouseError(
                f"what is published in {self.root} cannot be read: {str(failure).strip()}. Run `commentariat verify`"
            ) from failure
        with explained("Looking for the warehouse", self.root, access="read"):
            is_there = self.root.is_dir()
        if not is_there:
            raise WarehouseError(
                f"there is no warehouse at {self.root}: run `commentariat run`, or name another folder"
            )
        raise WarehouseError(
            f"{self.root / LINK} cannot be opened: nothing has been published there yet (the first run "
            "publishes when it ends; `commentariat publish` does so now), or the folder is not a warehouse"
        )

    @contextmanager
    def pinned(self) -> Iterator[None]:
        """Keep the newest snapshot open during the block, so that the results of several queries fit together.

        A takedown deletes text files of the old snapshot; a query that reads texts then fails.
        """
        self.refresh()
        self._pinned = True
        try:
            yield
        finally:
            self._pinned = False

    def _open(self, generation: Path) -> None:
        connection = duckdb.connect(str(generation), read_only=True)
        try:
            ((version,),) = connection.execute("SELECT schema_version FROM snapshot").fetchall()
            _refuse_newer(generation, version)
            in_files = TablesInFiles(self.root, connection, version)
            if version < SCHEMA_VERSION or _lacks_names(connection):
                in_files.register()
                show_as_today(connection)
            lock_down(connection, self.root, self._memory_limit)
            connection.execute(load_sql("search_macro"))
            self._register_own(connection)
        except duckdb.CatalogException as error:
            connection.close()
            raise WarehouseError(f"{generation} is a DuckDB file, but not one of this warehouse's") from error
        except BaseException:
            connection.close()
            raise
        self.close()
        self._connection, self._in_files, self.generation = connection, in_files, generation

    def _register_own(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Register the caller's own tables, which are read when the first snapshot is opened."""
        if self._own is None:
            self._own = own_tables(self._wanted, names_in(connection)) if self._wanted else {}
        for name, table in self._own.items():
            connection.register(name, table)

    @property
    def own_tables(self) -> tuple[str, ...]:
        """Names of the caller's own tables."""
        return tuple(self._own or ())

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The DuckDB connection to the newest snapshot; it is closed when a newer one is opened.

        Raises
        ------
        duckdb.IOException
            A file of texts or raw scores has been deleted since the snapshot was opened.
        """
        self.refresh()
        assert self._connection is not None
        assert self._in_files is not None
        self._in_files.register()
        return self._connection

    def query(self, sql: str, params: Mapping[str, object] | None = None) -> pa.Table:
        """Run one statement and return all rows as an Arrow table.

        Parameters
        ----------
        params
            Values of ``$name`` parameters in the statement.

        Raises
        ------
        InputError
            DuckDB refuses the statement; the message is DuckDB's own.
        """
        try:
            return self._run(sql, params)
        except duckdb.Error as error:
            # A takedown may have deleted text files of the old snapshot; the newer snapshot does not need them.
            if not self.refresh():
                raise InputError(str(error).strip()) from error
        try:
            return self._run(sql, params)
        except duckdb.Error as error:
            raise InputError(str(error).strip()) from error

    def _run(self, sql: str, params: Mapping[str, object] | None) -> pa.Table:
        relation = self._relation(sql, params)
        # Statements without a result (SET, CREATE TEMP TABLE) have no relation.
        return pa.table({}) if relation is None else cast(pa.Table, relation.to_arrow_table())

    def _relation(self, sql: str, params: Mapping[str, object] | None) -> duckdb.DuckDBPyRelation | None:
        self.refresh()
        assert self._connection is not None
        assert self._in_files is not None
        self._in_files.register_for(sql)
        try:
            return _bound(self._connection, sql, params)
        except duckdb.PermissionException:  # a view may read a table that is in files
            if not self._in_files.register():
                raise
        return _bound(self._connection, sql, params)

    @contextmanager
    def stream(self, sql: str, params: Mapping[str, object] | None = None) -> Iterator[pa.RecordBatchReader]:
        """Run one query and yield its rows in batches, so that memory does not grow with their number.

        Parameters
        ----------
        params
            Values of ``$name`` parameters in the query.

        Raises
        ------
        InputError
            DuckDB refuses the query, or the query fails, also while its rows are read.
        """
        try:
            relation = self._relation(sql, params)
            if relation is None:
                raise InputError("this statement has no result: name a query")
            rows = pa.RecordBatchReader.from_stream(relation)
        except (duckdb.Error, pa.ArrowException) as error:
            raise InputError(str(error).strip()) from error
        yield pa.RecordBatchReader.from_batches(rows.schema, _explained(rows))

    def saved(self, name: str, params: Mapping[str, object] | None = None) -> pa.Table:
        """Run the saved query ``warehouse/queries/<name>.sql``."""
        return self.query(load_sql(name, QUERIES), params)

    def close(self) -> None:
        """Close the connection; the next query opens it again."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._in_files, self.generation = None, None, None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _bound(
    connection: duckdb.DuckDBPyConnection, sql: str, params: Mapping[str, object] | None
) -> duckdb.DuckDBPyRelation | None:
    return connection.sql(sql, params=dict(params)) if params else connection.sql(sql)


def _explained(rows: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """Yield the batches of a query; its errors become an :class:`InputError`, those of the reader do not."""
    try:
        yield from rows
    except (duckdb.Error, pa.ArrowException) as error:
        raise InputError(str(error).strip()) from error
    except OSError as error:
        if error.errno is not None:  # an error of the system; Arrow's own errors have no number
            raise
        raise InputError(str(error).strip()) from error


def _lacks_names(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the snapshot lacks views or macros that were added without a new schema version.

    Only the latest are asked for, because a list of all takes as long as a small query.
    """
    try:
        connection.execute(load_sql("latest_names"))
    except duckdb.CatalogException:
        return True
    return False


def _refuse_newer(generation: Path, version: int) -> None:
    if version > SCHEMA_VERSION:
        raise WarehouseError(
            f"{generation} was written by a newer version of this program: upgrade commentariat"
        )
