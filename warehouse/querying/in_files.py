"""The tables that a snapshot has only as Parquet files; Arrow reads them for a connection, once a statement needs them.

DuckDB itself may not open files in a connection for readers. Most statements need none of these tables, and the part
of Arrow that reads them takes longer to import than most queries take to run: with pandas, which it imports where that
is installed, a quarter of a second.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.definitions.tables import IN_FILES, TABLES
from warehouse.querying.earlier import files_listed


class TablesInFiles:
    """The tables of one connection that are in files, at first unregistered.

    Parameters
    ----------
    root
        The warehouse's folder.
    connection
        A connection to a snapshot.
    version
        The schema version of the snapshot.

    Raises
    ------
    FileNotFoundError
        A file that the snapshot lists is missing.
    """

    def __init__(self, root: Path, connection: duckdb.DuckDBPyConnection, version: int) -> None:
        self._connection = connection
        self._unregistered: dict[str, list[str]] = {name: [] for name in IN_FILES}
        for name, path in files_listed(connection, version):
            place = root / path
            place.stat()  # what is missing is reported when the snapshot is opened, and not by some later query
            self._unregistered[name].append(str(place))

    def register_for(self, statement: str) -> None:
        """Register the tables if a statement names one of them.

        Views read them too. A statement that names only such a view is refused by DuckDB, and can be run again after
        :meth:`register`. Several statements cannot, because the first of them may have been run; so for these the
        tables are always registered.

        Raises
        ------
        duckdb.IOException
            A file has been deleted since the snapshot was opened.
        """
        text = statement.casefold()
        if ";" in text.rstrip("; \n") or any(name in text for name in IN_FILES):
            self.register()

    def register(self) -> bool:
        """Register the tables; return whether that was still to be done.

        Raises
        ------
        duckdb.IOException
            A file has been deleted since the snapshot was opened.
        """
        if not self._unregistered:
            return False
        import pyarrow.dataset as ds  # noqa: PLC0415 - see the module

        for name, paths in self._unregistered.items():
            try:
                rows = ds.dataset(paths, schema=TABLES[name].arrow, format="parquet")
            except FileNotFoundError as error:
                raise duckdb.IOException(
                    f"{error}: the file is missing. Run `commentariat verify`"
                ) from error
            self._connection.register(name, rows)
        self._unregistered = {}
        return True
