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


class SearchHits:
    """The function ``search_hits`` of SQL, which searches the index of the warehouse at ``root``."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._last: tuple[object, pa.Array[Any]] | None = None

    def add_to(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the function known to a connection."""
        # As Arrow, and never folded into a constant: with lists of Python, or with a constant, DuckDB takes seconds
        # over a word that occurs in hundreds of thousands of articles.
        connection.create_function(
            "search_hits",
            lambda words: self._of_each(words),  # noqa: PLW0108 - DuckDB evaluates a method's annotations
            ["VARCHAR"],
            _HITS,
            type=PythonUDFType.ARROW,
            side_effects=True,
        )

    def _of_each(self, words: pa.ChunkedArray[pa.StringScalar]) -> pa.Array[Any]:
        """Search for each of ``words``; DuckDB does not call a function whose argument is NULL."""
        hits = [self._of(str(one)) for one in words.to_pylist()]
        ends = accumulate(map(len, hits), initial=0)
        return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.concat_arrays(hits))

    def _of(self, words: str) -> pa.Array[Any]:
        """Search; reuse the last result if words and index are the same, because several queries may need it."""
        # Every query imports this module, and only a search needs SQLite.
        from warehouse.search.index import find, index_state  # noqa: PLC0415 - as above

        asked = (words, index_state(self._root))
        if self._last is None or self._last[0] != asked:
            hits = find(self._root, words)
            self._last = (asked, pa.array(hits, _HIT))
        return self._last[1]
