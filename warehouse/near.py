"""An SQLite index beside the warehouse that finds the stored articles that share signature bands with new ones.

A micro-batch looks up about two thousand bands out of tens of millions. A join would read all of them for every batch.
The index needs as many steps as its B-tree is deep, is on disk, and grows only by new rows. For each article it also
stores which Parquet file holds the text, because reading a month of texts costs as much as reading all bands.

``db/near.sqlite`` follows the commit log as ``db/base.duckdb`` does. If it is damaged, has another version, or a
takedown has been committed since, it is built again from the Parquet files. Only the holder of the writer's lock opens
it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from commentariat import WarehouseError
from warehouse.durable import MADE_AGAIN, engine_error, sync_file
from warehouse.engine import MEMORY_BESIDE, SPILL, engine
from warehouse.log.commit_log import CommitLog
from warehouse.log.entries import COMPACTION, DataFile
from warehouse.log.relations import live_relation
from warehouse.sql_files import load_sql

INDEX_VERSION = 1
"""Increased when the tables or the keys change; an index of another version is rebuilt."""

MOST_SHARING = 20
"""A band that more stored articles share says nothing: it comes from words that many articles have in common.

A copy is not stored with bands, so a text that was printed everywhere counts once. Without this limit, the few articles
with such a band would be compared with thousands of others, and the time of a night would grow with the square of the
number of articles.
"""

MOST_CANDIDATES = 10
"""Most stored articles whose texts are compared with one article: those that share the most bands with it.

A near-copy shares several bands with its original, and articles that have only turns of phrase in common share one.
"""

_COLUMNS: Mapping[str, pa.DataType] = {
    "article_id": pa.string(),
    "candidate_id": pa.string(),
    "revision": pa.int32(),
    "bands_shared": pa.int64(),
    "text": pa.string(),
}
CANDIDATES = pa.schema(_COLUMNS)
_SHARED = CANDIDATES.remove(4)

# An article's number, see near_tables.sql.
_NUMBER = "(md5_number_lower(article_id) >> 17)::BIGINT"
# One number stands for algorithm, band and hash. SQLite's integers are signed.
_KEY = "(xor(hash, md5_number_lower(algorithm || '/' || band))::HUGEINT - 9223372036854775808)::BIGINT"
_LIMITS = {"most_sharing": MOST_SHARING, "most_candidates": MOST_CANDIDATES}
_ROWS = 50_000


class NearIndex:
    """The index and the connection to it; see the module.

    Parameters
    ----------
    root
        The warehouse's folder.
    log
        The commit log to follow. The caller has refreshed it and fetched the files that it names.
    """

    def __init__(self, root: Path, log: CommitLog) -> None:
        self.root, self.log = root, log
        self.path = root / "db" / "near.sqlite"
        self._index: sqlite3.Connection | None = None
        self._duckdb: duckdb.DuckDBPyConnection | None = None
        self._known: set[str] = set()
        self._sequence = -1

    def candidates(self, incoming_band: pa.Table) -> pa.Table:
        """Find the stored articles that share bands with incoming ones, with their texts.

        Parameters
        ----------
        incoming_band
            ``article_id, algorithm, band, hash``.

        Returns
        -------
        pa.Table
            :data:`CANDIDATES`: ``candidate_id`` at its latest ``revision``, most shared bands first.

        Raises
        ------
        WarehouseError
            The index cannot be written, or the Parquet files cannot be read.
        """
        try:
            rows = self._shared(incoming_band)
        except sqlite3.OperationalError as error:  # a full disk or a lock: the index itself is intact
            raise engine_error("looking for near-duplicates", self.path, error, remedy=MADE_AGAIN) from error
        except sqlite3.DatabaseError:
            self.discard()
            rows = self._shared(incoming_band)
        wanted: dict[str, set[str]] = defaultdict(set)
        for _, candidate, _, _, path in rows:
            wanted[path].add(candidate)
        texts: dict[tuple[str, int], str] = {}
        for path, names in wanted.items():
            try:
                texts |= _texts(self.root / path, sorted(names))
            except pa.ArrowException as error:
                raise WarehouseError(
                    f"{self.root / path} cannot be read ({error}): run `commentariat verify`"
                ) from error
        columns = list(zip(*(row[:4] for row in rows), strict=True)) or [()] * 4
        shared = pa.table(
            [pa.array(column, field.type) for column, field in zip(columns, _SHARED, strict=True)],
            schema=_SHARED,
        )
        texts_found = [texts.get((candidate, revision)) for _, candidate, revision, _, _ in rows]
        return shared.append_column("text", pa.array(texts_found, pa.string()))

    def _shared(self, incoming_band: pa.Table) -> list[tuple[str, str, int, int, str]]:
        index = self._follow()
        connection = self._opened_duckdb()
        connection.register("incoming_band", incoming_band)
        wanted = connection.execute(f"SELECT {_KEY}, article_id FROM incoming_band").fetchall()
        connection.unregister("incoming_band")
        index.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (key INTEGER, article_id TEXT)")
        with index:
            index.execute("DELETE FROM wanted")
            index.executemany("INSERT INTO wanted VALUES (?, ?)", wanted)
        return index.execute(load_sql("sharing_bands"), _LIMITS).fetchall()

    def _follow(self) -> sqlite3.Connection:
        """Update the index to the log and return the connection to it."""
        index = self._index or self._open() or self._build()
        self._index = index
        if self._sequence == self.log.head:
            return index
        live = {
            file.path: file
            for file in self.log.live_files()
            if file.table in ("minhash_band", "article_text")
        }
        gone = self._known - set(live)
        if gone and not gone <= set(self.log.replaced(kind=COMPACTION)):
            self.discard()
            return self._follow()
        new = [file for path, file in live.items() if path not in self._known]
        with index:
            self._add(index, new)
            index.executemany("DELETE FROM file WHERE path = ?", [(path,) for path in gone])
        self._known = set(live)
        self._sequence = self.log.head
        return index

    def _open(self) -> sqlite3.Connection | None:
        """Open the index; None if it is missing, damaged or of another version."""
        if not self.path.exists():
            return None
        index = _connect(self.path)
        try:
            if index.execute("PRAGMA user_version").fetchone() == (INDEX_VERSION,):
                index.execute("PRAGMA journal_mode = WAL")
                # A batch changes about as many pages as it has bands: collect several batches before pages are moved.
                index.execute("PRAGMA wal_autocheckpoint = 16384")
                self._known = {path for (path,) in index.execute("SELECT path FROM file")}
                return index
        except sqlite3.OperationalError:  # a full disk or a lock is no reason to delete the index
            index.close()
            raise
        except sqlite3.DatabaseError:
            pass  # damaged
        index.close()
        self.discard()
        return None

    def _build(self) -> sqlite3.Connection:
        """Build the index from all live files, under another name and without a journal, then rename it."""
        partial = self.path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        with closing(_connect(partial)) as index:
            index.execute("PRAGMA journal_mode = OFF")
            index.execute("PRAGMA synchronous = OFF")
            index.executescript(load_sql("near_tables"))
            with index:
                self._add(index, self.log.live_files())
            index.execute(f"PRAGMA user_version = {INDEX_VERSION}")
        sync_file(partial)
        partial.rename(self.path)
        index_opened = self._open()
        assert index_opened is not None
        return index_opened

    def _add(self, index: sqlite3.Connection, files: Sequence[DataFile]) -> None:
        texts = [file for file in files if file.table == "article_text"]
        bands = [file for file in files if file.table == "minhash_band"]
        index.executemany("INSERT INTO file (path) VALUES (?)", [(file.path,) for file in (*texts, *bands)])
        connection = self._opened_duckdb()
        for file in texts:
            rows = live_relation(self.root, "article_text", [file])
            (number,) = index.execute("SELECT id FROM file WHERE path = ?", (file.path,)).fetchone()
            connection.execute(f"SELECT {_NUMBER}, article_id, revision, {number} FROM ({rows})")
            _insert(index, load_sql("near_article"), connection)
        if bands:
            rows = live_relation(self.root, "minhash_band", bands)
            # In the order of the B-tree, so that each of its pages is written once.
            connection.execute(f"SELECT {_KEY} AS key, {_NUMBER} AS number FROM ({rows}) ORDER BY ALL")
            _insert(index, "INSERT OR IGNORE INTO band VALUES (?, ?)", connection)

    def _opened_duckdb(self) -> duckdb.DuckDBPyConnection:
        """Give the DuckDB connection that reads Parquet and sorts; it holds no data between two calls."""
        if self._duckdb is None:
            # Beyond the limit, sorting spills.
            self._duckdb = engine(spill=self.root / SPILL, config={"memory_limit": MEMORY_BESIDE})
        return self._duckdb

    def close(self) -> None:
        """Close the connection; the next use opens it again."""
        if self._index is not None:
            self._index.close()
        if self._duckdb is not None:
            self._duckdb.close()
        self._duckdb = None
        self._index, self._sequence, self._known = None, -1, set()

    def discard(self) -> None:
        """Delete the index; the next use builds it from the Parquet files."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    # Any thread may use the connection; the writer lets one thread at a time do so.
    index = sqlite3.connect(path, check_same_thread=False)
    index.execute("PRAGMA cache_size = -65536")
    index.execute("PRAGMA synchronous = NORMAL")
    return index


def _insert(index: sqlite3.Connection, sql: str, rows: duckdb.DuckDBPyConnection) -> None:
    while batch := rows.fetchmany(_ROWS):
        index.executemany(sql, batch)


def _texts(path: Path, names: Sequence[str]) -> dict[tuple[str, int], str]:
    """Read the texts of some articles from one file; few row groups hold them, because rows are sorted by id."""
    texts: dict[tuple[str, int], str] = {}
    with pq.ParquetFile(path) as file:
        groups = [number for number in range(file.num_row_groups) if _may_hold(file, number, names)]
        for number in groups:
            rows = file.read_row_group(number, columns=["article_id", "revision", "text"])
            rows = rows.filter(pc.is_in(rows["article_id"], pa.array(names, pa.string())))
            texts |= {(row["article_id"], row["revision"]): row["text"] for row in rows.to_pylist()}
    return texts


def _may_hold(file: pq.ParquetFile, group: int, names: Iterable[str]) -> bool:
    statistics = file.metadata.row_group(group).column(0).statistics
    if statistics is None or not statistics.has_min_max:
        return True
    first, last = str(statistics.min), str(statistics.max)
    return any(first <= name <= last for name in names)
