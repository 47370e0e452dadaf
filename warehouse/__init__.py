"""The warehouse: Parquet files hold the rows, a commit log lists the live files, and people open a DuckDB file.

>>> from warehouse import Warehouse, connect
>>> with Warehouse("commentary").writing(run_id="2026-11-24", flow="nightly") as writer:   # doctest: +SKIP
...     writer.commit("0001", {"article": articles, "article_text": texts})
...     writer.publish()
>>> with connect("commentary") as warehouse:                                               # doctest: +SKIP
...     warehouse.query("SELECT count(*) AS articles FROM article")
"""

from importlib import import_module
from typing import TYPE_CHECKING

from warehouse.definitions.schema import SCHEMA_VERSION
from warehouse.definitions.tables import TABLES
from warehouse.querying.connect import Reader, connect

if TYPE_CHECKING:
    from warehouse.log.entries import Commit, DataFile
    from warehouse.warehouse import Warehouse
    from warehouse.writing.writer import Writer

__all__ = ["SCHEMA_VERSION", "TABLES", "Commit", "DataFile", "Reader", "Warehouse", "Writer", "connect"]

# A query needs nothing that writes, so the modules with these names are imported when a name is used.
_DEFINED_IN = {
    "Commit": "warehouse.log.entries",
    "DataFile": "warehouse.log.entries",
    "Warehouse": "warehouse.warehouse",
    "Writer": "warehouse.writing.writer",
}


if not TYPE_CHECKING:  # type checkers use the imports above; they must not accept every other name

    def __getattr__(name: str) -> object:
        if name not in _DEFINED_IN:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_DEFINED_IN[name]), name)
