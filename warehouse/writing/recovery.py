"""Recovery: the removal of what an interrupted run left. Every run begins with it.

The holder of the writer's lock is the only writer, so everything unfinished was left by a run that has ended:

- files in staging without their final names are removed; their batch will be done again;
- files with their final names but without a log entry are removed for the same reason (see
  :mod:`warehouse.writing.staging`);
- a commit with a log entry counts, also if its leftovers were not removed or it is not published; it is published;
- reports that were not finished are removed, because they quote articles;
- data that a database spilled to disk is removed, because it holds rows.
"""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from pathlib import Path

from warehouse.durable import explained
from warehouse.engine import SPILL
from warehouse.log.commit_log import CommitLog
from warehouse.publishing.generations import REPORT
from warehouse.sharing.working_copy import RECORD
from warehouse.writing.staging import clear_staging

_REPORT_TAKES_S = 3_600
"""An unfinished report that is older was left by a killed process. Reports are written without the lock, in seconds."""


def recover(root: Path, log: CommitLog) -> list[str]:
    """Undo everything that was begun but not committed; return one sentence for each action."""
    with explained("Recovering from an interrupted run", root):
        done = clear_staging(root, log)
        long_ago = time.time() - _REPORT_TAKES_S
        leftovers = [
            *(root / "db").glob("*.partial"),
            *(root / "log").glob(".*"),
            *root.glob(".warehouse.duckdb.new"),
            *root.glob(f".{RECORD}.*"),
            *(path for path in root.glob(f".{REPORT}.*") if _is_older(path, long_ago)),
        ]
        for path in leftovers:
            path.unlink(missing_ok=True)
            done.append(f"removed {path.name}, which was never finished")
        if (root / SPILL).exists():
            shutil.rmtree(root / SPILL)
            done.append(f"removed {SPILL}, which held data that did not fit into memory")
    return done


def _is_older(path: Path, time_s: float) -> bool:
    """Whether a file is older than a time; False if it has got its final name meanwhile."""
    with suppress(FileNotFoundError):
        return path.stat().st_mtime < time_s
    return False
