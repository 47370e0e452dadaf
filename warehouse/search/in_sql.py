"""Full-text search in SQL: the macro ``search``, and the function of a connection with which it looks words up."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType

_HITS = "STRUCT(article_id VARCHAR, revision INTEGER, score DOUBLE)[]"
_HIT = pa.struct([("article_id", pa.string()), ("revision", pa.int32()), ("score", pa.float64())])
_OF_FOLDER: dict[Path, SearchHits] = {}


def search_hits(root: Path) -> SearchHits:
    """Give the function of the warehouse at ``root``: always the same one, which is kept as long as the process runs.

    All connections of a process to one file share the function, and DuckDB only borrows it from the connection to
    which it was added. If that connection were its only owner, a search of another one would end the process once the
    first is closed.
    """
    place = root.absolute()  # the working directory may be another one when a search is made
    return _OF_FOLDER.setdefault(place, SearchHits(place))


class SearchHits:
    """The function ``search_hits`` of SQL, which searches the index of the warehouse at ``root``.

    Made by :func:`search_hits`. Several threads may use it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._last: tuple[object, pa.Array[Any]] | None = None
        self._function = lambda words: self._of_each(words)  # noqa: PLW0108 - DuckDB evaluates a method's annotations

    def add_to(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the function known to all connections to the file of a connection, which must not know it yet."""
        # As Arrow, and never folded into a constant: with lists of Python, or with a constant, DuckDB takes seconds
        # over a word that occurs in hundreds of thousands of articles.
        connection.create_function(
            "search_hits",
            self._function,
            ["VARCHAR"],
            _HITS,
            type=PythonUDFType.ARROW,
            side_effects=True,
        )

    def _of_each(self, words: pa.ChunkedArray[pa.StringScalar]) -> pa.Array[Any]:
        """Search for each of ``words``; DuckDB does not call a function whose argument is NULL."""
        hits = [self._of(str(word)) for word in words.to_pylist()]
        ends = accumulate(map(len, hits), initial=0)
        return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.concat_arrays(hits))

    def _of(self, words: str) -> pa.Array[Any]:
        """Search; reuse the last result if words and index are the same, because several queries may need it."""
        # Every query imports this module, and only a search needs SQLite.
        from warehouse.search.index import find, index_state  # noqa: PLC0415 - as above

        asked = (words, index_state(self._root))
        last = self._last  # read once, because another thread may search for other words meanwhile
        if last is None or last[0] != asked:
            last = self._last = (asked, pa.array(find(self._root, words), _HIT))
        return last[1]
