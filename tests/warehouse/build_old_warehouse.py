"""Write a small warehouse with the present version, so that tests of later versions can read it.

Run it once for each schema version, before the number is raised: ``python -m tests.warehouse.build_old_warehouse``.
Only the Parquet files and the log are kept; the DuckDB files are derived from them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa

from tests.warehouse import nights
from warehouse import SCHEMA_VERSION, Warehouse

HERE = Path(__file__).parent / "old_warehouses"


def visits() -> pa.Table:
    """Make a visit of each of the four articles. Warehouses before version 8 have none."""
    read = [{"url": nights.url(1, 0, n), "resource": "page", "fetched_at": nights.START} for n in range(4)]
    return nights.table(read)


def build(folder: Path) -> None:
    with Warehouse(folder).writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.commit("0001", nights.batch(1, 0) | {"visit": visits()})
        writer.finish("4 articles")
    for name in ("db", "staging", "trash"):
        shutil.rmtree(folder / name)
    (folder / "lock").unlink()


if __name__ == "__main__":
    place = HERE / f"version-{SCHEMA_VERSION}"
    shutil.rmtree(place, ignore_errors=True)
    build(place)
