"""The warehouse shown as Delta tables, without copying a file.

A ``_delta_log`` beside the Parquet files makes ``data/<table>/`` a Delta table. Spark, Polars, Trino and others can
read it directly, and many machines can agree on its versions. The commit log remains authoritative. A Delta version
records the sequence that it shows, so that a second call for the same log changes nothing.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pyarrow as pa

from commentariat import ConfigError, WarehouseError
from warehouse.definitions.tables import TABLES
from warehouse.log.commit_log import CommitLog
from warehouse.log.entries import DataFile
from warehouse.sharing.delta_extra import MISSING

try:
    import deltalake
    from deltalake.transaction import AddAction, CommitProperties, RemoveAction, Transaction
except ImportError as error:
    raise ConfigError(MISSING) from error

APPLICATION = "commentariat"
"""The application name under which Delta stores the last sequence shown."""


def follow(root: Path, log: CommitLog) -> dict[str, int]:
    """Update the Delta tables to the log; return the sequence that each table shows.

    ``minhash_band`` is left out, because Delta has no unsigned 64-bit numbers. Only the holder of the writer's lock may
    call this.

    Raises
    ------
    WarehouseError
        A Delta table shows commits that the log does not have, or cannot be written.
    """
    shown = {}
    for name, table in TABLES.items():
        if not any(pa.types.is_uint64(field.type) for field in table.arrow):
            shown[name] = _follow_table(root, log, name)
    return shown


def _follow_table(root: Path, log: CommitLog, name: str) -> int:
    folder = root / "data" / name
    try:
        folder.mkdir(exist_ok=True)
        if not deltalake.DeltaTable.is_deltatable(str(folder)):
            deltalake.DeltaTable.create(
                folder, TABLES[name].arrow, name=name, description=TABLES[name].comment
            )
        delta = deltalake.DeltaTable(folder)
        last = delta.transaction_version(APPLICATION) or 0
        if last > log.head:
            raise WarehouseError(f"{folder} shows commit {last}, the log ends at {log.head}: restore log/")
        _add_columns(delta, name)
        live = {file.path.removeprefix(f"data/{name}/"): file for file in log.live_files(name)}
        there = _active(delta)
        actions: list[AddAction | RemoveAction] = [
            *(_add(path, file) for path, file in live.items() if path not in there),
            *(_remove(path, size) for path, size in there.items() if path not in live),
        ]
        if actions:
            properties = CommitProperties(app_transactions=[Transaction(APPLICATION, log.head)])
            delta.create_write_transaction(
                actions, "append", TABLES[name].arrow, commit_properties=properties
            )
    except (deltalake.exceptions.DeltaError, OSError) as error:
        raise WarehouseError(f"showing {folder} as a Delta table failed: {error}") from error
    return log.head


def _add_columns(delta: deltalake.DeltaTable, name: str) -> None:
    """Add the columns that are newer than the Delta table; in earlier files, which lack them, they read as NULL."""
    there = {field.name for field in delta.schema().fields}
    today = deltalake.Schema.from_arrow(TABLES[name].arrow).fields
    if later := [field for field in today if field.name not in there]:
        delta.alter.add_columns(later)


def _active(delta: deltalake.DeltaTable) -> dict[str, int]:
    """List the files of which the table consists now, with their sizes."""
    return {row["path"]: row["size_bytes"] for row in pa.table(delta.get_add_actions()).to_pylist()}


def _add(path: str, file: DataFile) -> AddAction:
    stats = json.dumps({"numRecords": file.rows})
    return AddAction(path, file.bytes, {}, int(time.time() * 1000), True, stats)


def _remove(path: str, size: int) -> RemoveAction:
    return RemoveAction(path, True, int(time.time() * 1000), size)
