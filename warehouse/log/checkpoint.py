"""Checkpoints: the state of the commit log as of some entry, so that opening the log need not read every entry.

``log/checkpoint.json`` only saves time; the writer makes it from the entries at intervals. If it is missing,
damaged, or does not fit the entry that it names, it is ignored and the entries are read. It is never copied to object
storage. When the log is opened, its content about earlier entries is not checked; ``verify`` reads all entries and
compares.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from warehouse.definitions.schema import SCHEMA_VERSION
from warehouse.durable import sync_folder, write_bytes
from warehouse.log.entries import Commit, DataFile, checksum_of
from warehouse.log.state import LogState, RunRecord

NAME = "checkpoint.json"
EVERY = 100
"""The number of new entries after which a new checkpoint is due."""

_FORMAT = 1


def write(folder: Path, state: LogState) -> None:
    """Replace the previous checkpoint by one of ``state``, atomically."""
    content: dict[str, Any] = {
        "format": _FORMAT,
        "schema_version": SCHEMA_VERSION,
        "sequence": state.sequence,
        "checksum": state.checksum,
        "live": [asdict(file) for file in state.live.values()],
        "replaced": {path: list(by) for path, by in state.replaced.items()},
        "runs": {run_id: asdict(run) for run_id, run in state.runs.items()},
        "last_takedown": state.last_takedown,
    }
    content["own_checksum"] = checksum_of(content)
    aside = folder / f".{NAME}"
    write_bytes(aside, json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
    aside.replace(folder / NAME)
    sync_folder(folder)


def read(folder: Path) -> LogState | None:
    """Read the checkpoint; None if it is missing, damaged, or of another version of this program."""
    content = _whole(folder)
    if content is None or not _is_of_this_version(content):
        return None
    try:
        return LogState(
            sequence=content["sequence"],
            checksum=content["checksum"],
            live={file["path"]: DataFile(**file) for file in content["live"]},
            replaced={path: (sequence, kind) for path, (sequence, kind) in content["replaced"].items()},
            runs={run_id: RunRecord(**run) for run_id, run in content["runs"].items()},
            last_takedown=content["last_takedown"],
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def is_of_another_version(folder: Path) -> bool:
    """Whether the checkpoint is whole, but another version of this program has made it; the next run replaces it."""
    content = _whole(folder)
    return content is not None and not _is_of_this_version(content)


def _whole(folder: Path) -> dict[str, Any] | None:
    """Read the content; None if the file is missing or damaged."""
    try:
        content: dict[str, Any] = json.loads((folder / NAME).read_bytes())
        claimed = content.pop("own_checksum")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return content if checksum_of(content) == claimed else None


def _is_of_this_version(content: Mapping[str, Any]) -> bool:
    return (content.get("format"), content.get("schema_version")) == (_FORMAT, SCHEMA_VERSION)


def fits(state: LogState, entry: Commit) -> bool:
    """Whether ``state`` is that of the log to which ``entry`` belongs, as of this entry."""
    return (state.sequence, state.checksum) == (entry.sequence, entry.checksum)
