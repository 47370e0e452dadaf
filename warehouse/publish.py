"""Publishing: a new DuckDB file beside the old one, then a swap of the symlink that everyone opens."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from warehouse.base import Base
from warehouse.durable import explained, sync_file, sync_folder

KEEP_GENERATIONS = 3
LINK = "warehouse.duckdb"
_NAME = re.compile(r"warehouse-(\d{8})\.duckdb")

OnStep = Callable[[str], None]


def generations(root: Path) -> list[Path]:
    """List the published files, oldest first."""
    return sorted(path for path in (root / "db").glob("warehouse-*.duckdb") if _NAME.fullmatch(path.name))


def current_generation(root: Path) -> Path | None:
    """Return the file that ``warehouse.duckdb`` points to, or None before the first publish."""
    try:
        target = root / (root / LINK).readlink()
    except OSError:
        return None
    return target if target.exists() else None


def snapshot_sequence(generation: Path) -> int:
    """Return the last commit that a published file contains."""
    with duckdb.connect(str(generation), read_only=True) as connection:
        rows = connection.execute("SELECT sequence FROM snapshot").fetchall()
    return int(rows[0][0])


def publish(root: Path, base: Base, *, on_step: OnStep) -> Path:
    """Publish everything committed; returns the new generation.

    Readers that have the old file open keep it; whoever opens ``warehouse.duckdb`` from now on sees the new
    one. The file is read-only for everybody (0444), so that no client leaves a write-ahead log beside it.
    """
    existing = generations(root)
    number = int(_NAME.fullmatch(existing[-1].name)[1]) + 1 if existing else 1  # type: ignore[index]
    final = root / "db" / f"warehouse-{number:08d}.duckdb"
    partial = final.with_suffix(".partial")
    with explained("Publishing", root / "db"):
        base.seal()
        on_step("base sealed")
        shutil.copyfile(base.path, partial)
        partial.chmod(0o444)
        sync_file(partial)
        on_step("generation copied")
        partial.rename(final)
        sync_folder(final.parent)
        on_step("generation named")
        point_link(root, final)
        on_step("link swapped")
    return final


def point_link(root: Path, generation: Path) -> None:
    """Make ``warehouse.duckdb`` point to ``generation``, at one instant."""
    aside = root / f".{LINK}.new"
    aside.unlink(missing_ok=True)
    aside.symlink_to(generation.relative_to(root))
    aside.replace(root / LINK)
    sync_folder(root)


def prune(root: Path, *, keep: int = KEEP_GENERATIONS, not_before: int = 0) -> None:
    """Remove all but the last ``keep`` generations, and those that show a commit earlier than ``not_before``.

    The current generation always stays. Who has one open can still read it to the end.
    """
    current = current_generation(root)
    kept = generations(root)[-keep:]
    for path in generations(root):
        outdated = path not in kept or (not_before and snapshot_sequence(path) < not_before)
        if path != current and outdated:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
