"""Staging: each commit is prepared in its own folder, with a list of the names that it will give.

The list, ``intent.json``, is written durably before the first file gets its name under ``data/``. As long as the list
exists, a commit that fails, or whose process is killed, can be undone without a search: the files that are listed and
belong to no log entry are removed, here and in the shared place.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from commentariat import WarehouseError
from warehouse.durable import make_folder, sync_folder, write_bytes
from warehouse.log.commit_log import CommitLog, UnknownEndError
from warehouse.log.entries import Commit
from warehouse.log.remote import Remote
from warehouse.publishing.publish import OnStep
from warehouse.writing.parquet import StagedFile

INTENT = "intent.json"


@dataclass(frozen=True, slots=True)
class FurtherChanges:
    """Further changes of a commit because another machine has committed: files to add, paths to remove."""

    staged: Sequence[StagedFile] = ()
    remove: tuple[str, ...] = ()


@contextlib.contextmanager
def staging(root: Path, log: CommitLog, *, run_id: str, batch: str) -> Iterator[Path]:
    """Make a new, empty folder in which to prepare ``batch``, and remove it in the end.

    Every attempt has its own folder, so that no attempt removes the list of names of an earlier one. An attempt that
    fails is undone at once. If that fails too, or if it is not known whether the log entry was written, the list stays
    until a later commit of this run, or the next run, finds out whether the entry exists.

    Parameters
    ----------
    root
        The warehouse's folder.
    log
        The commit log, which lists the files of each commit.
    run_id, batch
        The run and the batch that are prepared.
    """
    name = re.sub("[^A-Za-z0-9._-]", "_", batch)
    folder = root / "staging" / run_id / f"{name}-{uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    try:
        yield folder
    except UnknownEndError:
        raise
    except Exception:
        with contextlib.suppress(OSError, WarehouseError):  # the list stays for the next run
            log.refresh()
            undo(root, log, folder)
        raise
    # After this commit is in the log, no earlier attempt of the run can be committed any more.
    is_committed = (folder / INTENT).exists()
    for attempt in folder.parent.iterdir() if is_committed else [folder]:
        undo(root, log, attempt)


def write_intent(folder: Path, *, run_id: str, batch: str, files: Iterable[StagedFile]) -> None:
    """Write, durably, the names that a commit will give, so that an interrupted commit can be undone."""
    content = {"run_id": run_id, "batch": batch, "paths": [staged.file.path for staged in files]}
    aside = folder / f".{INTENT}"
    write_bytes(aside, json.dumps(content).encode())
    aside.rename(folder / INTENT)
    sync_folder(folder)


def name_files(root: Path, remote: Remote | None, files: Sequence[StagedFile], *, on_step: OnStep) -> None:
    """Give files the names that :func:`write_intent` has listed, here and in the shared place.

    Parameters
    ----------
    root
        The warehouse's folder.
    remote
        The shared place, None if there is none.
    files
        The staged files.
    on_step
        Called with the name of each finished step.

    Raises
    ------
    WarehouseError
        The shared place cannot be written.
    """
    places = {(root / s.file.path).parent for s in files}
    for place in places:
        make_folder(place)
    for s in files:
        s.staged.rename(root / s.file.path)
        on_step("file renamed")
    for place in places:
        sync_folder(place)
    on_step("renamed")
    if remote:
        remote.upload(root, [s.file.path for s in files])
        on_step("uploaded")


def named_in_staging(root: Path) -> set[str]:
    """List the paths that commits are about to name or have just named; needs no lock."""
    paths: set[str] = set()
    for folder, _, names in os.walk(root / "staging"):
        if INTENT in names:
            with contextlib.suppress(FileNotFoundError, ValueError):  # completed by now, or damaged
                paths.update(json.loads((Path(folder) / INTENT).read_bytes())["paths"])
    return paths


def undo(root: Path, log: CommitLog, folder: Path) -> str:
    """Remove the files named by the attempt in ``folder`` that belong to no commit, then the folder.

    Returns
    -------
    str
        A sentence on what was undone; empty if no file had been named or the commit was made.
    """
    undone, intent = "", folder / INTENT
    if intent.exists():
        undone = _undo_names(root, log, intent)
    shutil.rmtree(folder)
    return undone


def _undo_names(root: Path, log: CommitLog, intent: Path) -> str:
    try:
        content = json.loads(intent.read_bytes())
    except ValueError:
        return f"{intent} is damaged: run `commentariat verify` to see whether its batch left files behind"
    commit: Commit | None = log.find(content["run_id"], content["batch"])
    forget(root, log, set(content["paths"]) - {file.path for file in (commit.add if commit else ())})
    if commit is not None:
        return ""
    return f"undid batch {content['batch']} of run {content['run_id']}, which was not committed"


def clear_staging(root: Path, log: CommitLog) -> list[str]:
    """Undo all unfinished commits that have a list, and empty ``staging/``; return a sentence for each action.

    Only the holder of the writer's lock may call this, and not while a commit is being prepared.
    """
    intents = sorted((root / "staging").glob(f"*/*/{INTENT}"))
    done = [undone for intent in intents if (undone := undo(root, log, intent.parent))]
    for left in (root / "staging").iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()  # a file that was being fetched
        done.append(f"removed {left.name} from staging")
    return done


def forget(root: Path, log: CommitLog, paths: Iterable[str]) -> None:
    """Remove files that have their final names but belong to no commit, in the shared place and here."""
    paths = list(paths)
    if log.remote:
        log.remote.delete(paths)
    for path in paths:
        (root / path).unlink(missing_ok=True)
