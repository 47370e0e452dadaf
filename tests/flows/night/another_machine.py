"""Actions of another machine on a shared warehouse, in a module of its own so that its process starts quickly."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from warehouse import Warehouse
from warehouse.sharing.place import shared_place
from warehouse.upkeep.takedown import take_down


def working_copy(folder: Path, shared: Path) -> Warehouse:
    """Return the working copy of a machine, for a warehouse in a shared folder."""
    return Warehouse(folder, remote=shared_place(str(shared)))


def commit_elsewhere(
    folder: Path, shared: Path, run_id: str, tables: dict[str, pa.Table], taken_down: list[str]
) -> None:
    """Commit rows, and take pieces down."""
    with working_copy(folder, shared).writing(run_id=run_id, flow="nightly") as writer:
        writer.commit("0001", tables)
        if taken_down:
            take_down(writer, urls=taken_down, reason="Asked for.")
