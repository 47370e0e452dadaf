"""Publishing: the private file gets a public name, then the symlink that readers open is pointed to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from warehouse.durable import explained, sync_file, sync_folder
from warehouse.publishing.base import Base
from warehouse.publishing.generations import next_generation, point_link

OnStep = Callable[[str], None]


def publish(root: Path, base: Base, *, on_step: OnStep) -> Path:
    """Publish everything committed; return the new generation.

    Readers that have the old file open keep it; readers that open ``warehouse.duckdb`` from now on see the new one.
    The file is read-only for everybody (0444), so that no client leaves a write-ahead log beside it.
    """
    with explained("Publishing", root / "db"):
        base.seal()
        on_step("base sealed")
        final = next_generation(root)
        base.path.chmod(0o444)
        sync_file(base.path)
        base.path.rename(final)
        sync_folder(final.parent)
        on_step("generation named")
        point_link(root, final)
        on_step("link swapped")
    return final
