"""Copies of warehouses, which a test may change: to copy one takes milliseconds, to make it half a second or more."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from warehouse import Warehouse


def copied(made: Path, folder: Path) -> Warehouse:
    """Copy a warehouse into a folder."""
    path = folder / "warehouse"
    shutil.copytree(made, path, symlinks=True)
    return Warehouse(path)


def new_warehouse(path: Path) -> Warehouse:
    """Make a published warehouse without rows, as a copy, because to make its tables and views takes longest."""
    shutil.copytree(Path(_empty().name) / "warehouse", path, symlinks=True)
    return Warehouse(path)


@cache
def _empty() -> tempfile.TemporaryDirectory[str]:
    """Make the warehouse that is copied; its folder is deleted when the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="commentariat-empty-")
    with Warehouse(Path(folder.name) / "warehouse").writing(run_id="empty", flow="test") as writer:
        writer.publish()
    return folder
