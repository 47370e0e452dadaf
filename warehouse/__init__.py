"""The warehouse: Parquet files hold the rows, a commit log lists the live files, and people open a DuckDB file.

>>> from warehouse import Warehouse, connect
>>> with Warehouse("commentary").writing(run_id="2026-11-24", flow="nightly") as writer:   # doctest: +SKIP
...     writer.commit("0001", {"article": articles, "article_text": texts})
...     writer.publish()
>>> with connect("commentary") as warehouse:                                               # doctest: +SKIP
...     warehouse.query("SELECT count(*) AS articles FROM article")
"""

from warehouse.connect import Reader, connect
from warehouse.log import Commit, DataFile
from warehouse.schema import SCHEMA_VERSION
from warehouse.tables import TABLES
from warehouse.warehouse import Warehouse
from warehouse.writer import Writer

__all__ = ["SCHEMA_VERSION", "TABLES", "Commit", "DataFile", "Reader", "Warehouse", "Writer", "connect"]
