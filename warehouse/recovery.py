"""Putting a warehouse in order after a run that was cut short: the first thing every run does.

Whoever holds the writer's lock knows that nobody else is writing, so everything unfinished was left by a dead
run:

- files in staging that never got their names: removed, their batch will be done again;
- files that got their names but no log entry: removed, for the same reason. The list of names is written to
  ``intent.json`` in staging before the first rename, so no folder needs to be searched;
- a log entry without leftovers removed, or not yet published: the commit counts, and is published.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from warehouse.durable import explained, sync_folder, write_bytes
from warehouse.log import CommitLog
from warehouse.parquet import StagedFile

INTENT = "intent.json"


def write_intent(folder: Path, *, run_id: str, batch: str, files: Iterable[StagedFile]) -> None:
    """Say durably which names a commit is about to create, so that an interrupted one can be undone."""
    content = {"run_id": run_id, "batch": batch, "paths": [staged.file.path for staged in files]}
    aside = folder / f".{INTENT}"
    write_bytes(aside, json.dumps(content).encode())
    aside.rename(folder / INTENT)
    sync_folder(folder)


def recover(root: Path, log: CommitLog) -> list[str]:
    """Undo what was begun but not committed; returns what was done, one sentence each."""
    done = []
    with explained("Recovering from an interrupted run", root):
        for intent in sorted((root / "staging").glob(f"*/*/{INTENT}")):
            content = json.loads(intent.read_text())
            commit = log.find(content["run_id"], content["batch"])
            forget(root, log, set(content["paths"]) - {file.path for file in (commit.add if commit else ())})
            if commit is None:
                done.append(
                    f"undid batch {content['batch']} of run {content['run_id']}, which was not committed"
                )
        for folder in (root / "staging").iterdir():
            shutil.rmtree(folder)
            done.append(f"removed {folder.name} from staging")
        leftovers = [
            *(root / "db").glob("*.partial"),
            *(root / "log").glob(".*"),
            *root.glob(".warehouse.duckdb.new"),
        ]
        for path in leftovers:
            path.unlink()
            done.append(f"removed {path.name}, which was never finished")
    return done


def forget(root: Path, log: CommitLog, paths: Iterable[str]) -> None:
    """Remove files that got their names but belong to no commit, here and in the shared place."""
    paths = list(paths)
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            (root / path).unlink()
    if log.remote:
        log.remote.delete(paths)
