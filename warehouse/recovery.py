"""Putting a warehouse in order after a run that was cut short: the first thing every run does.

Whoever holds the writer's lock knows that nobody else is writing, so everything unfinished was left by a dead
run:

- files in staging that never got their names: removed, their batch will be done again;
- files that got their names but no log entry: removed, for the same reason (see :mod:`warehouse.staging`);
- a log entry without leftovers removed, or not yet published: the commit counts, and is published;
- what a database spilled to disk: removed, for it holds rows.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from warehouse.durable import explained
from warehouse.engine import SPILL
from warehouse.log import CommitLog
from warehouse.staging import clear_staging


def recover(root: Path, log: CommitLog) -> list[str]:
    """Undo what was begun but not committed; returns what was done, one sentence each."""
    with explained("Recovering from an interrupted run", root):
        done = clear_staging(root, log)
        leftovers = [
            *(root / "db").glob("*.partial"),
            *(root / "log").glob(".*"),
            *root.glob(".warehouse.duckdb.new"),
        ]
        for path in leftovers:
            path.unlink()
            done.append(f"removed {path.name}, which was never finished")
        if (root / SPILL).exists():
            shutil.rmtree(root / SPILL)
            done.append(f"removed {SPILL}, which holds what did not fit into memory")
    return done
