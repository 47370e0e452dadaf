"""Checkpoints: the state of the commit log as of some entry, so that opening the log need not read every entry.

``log/checkpoint.json`` only saves time; the writer makes it from the entries at intervals. If it is missing,
damaged, or does not fit the entry that it names, it is ignored and the entries are read. It is never copied to object
storage. When the log is opened, its content about earlier entries is not checked; ``verify`` reads all entries and
compares.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from warehouse.definitions.schema import SCHEMA_VERSION
from warehouse.durable import sync_folder, write_bytes
from warehouse.log.entries import Commit, DataFile, checksum_of

NAME = "checkpoint.json"
EVERY = 100
"""The number of new entries after which a new checkpoint is due."""

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The log's record of one run.

    Parameters
    ----------
    first
        Sequence of its first commit.
    started_at
        When it started, according to its first commit.
    finishes
        How often it has recorded its end.
    """

    first: int
    started_at: str
    finishes: int


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of the log as of one entry.

    Parameters
    ----------
    sequence, checksum
        Sequence and checksum of that entry.
    live
        The files that make up the warehouse, in the order of their commits.
    replaced
        Files that compaction or takedown removed and that may still exist: path -> the sequence and kind of the
        commit that removed them.
    runs
        Every run that has committed anything.
    last_takedown
        Sequence of the last takedown, 0 if there was none.
    """

    sequence: int
    checksum: str
    live: Mapping[str, DataFile]
    replaced: Mapping[str, tuple[int, str]]
    runs: Mapping[str, RunRecord]
    last_takedown: int

    def disagreement(self, other: Checkpoint) -> str:
        """Name the first part in which this checkpoint contradicts ``other``, the truth; empty if it does not.

        This checkpoint may lack replaced files that have been deleted.
        """
        for part in ("sequence", "checksum", "last_takedown"):
            if getattr(self, part) != getattr(other, part):
                return part
        if list(self.live.values()) != list(other.live.values()):
            return "live files"
        if not self.replaced.items() <= other.replaced.items():
            return "replaced files"
        return "" if self.runs == other.runs else "runs"


NOTHING = Checkpoint(0, "", {}, {}, {}, 0)
"""The state of an empty log."""


def write(folder: Path, checkpoint: Checkpoint) -> None:
    """Replace the previous checkpoint by ``checkpoint``, atomically."""
    content: dict[str, Any] = {
        "format": _FORMAT,
        "schema_version": SCHEMA_VERSION,
        "sequence": checkpoint.sequence,
        "checksum": checkpoint.checksum,
        "live": [asdict(file) for file in checkpoint.live.values()],
        "replaced": {path: list(by) for path, by in checkpoint.replaced.items()},
        "runs": {run_id: asdict(run) for run_id, run in checkpoint.runs.items()},
        "last_takedown": checkpoint.last_takedown,
    }
    content["own_checksum"] = checksum_of(content)
    aside = folder / f".{NAME}"
    write_bytes(aside, json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
    aside.replace(folder / NAME)
    sync_folder(folder)


def read(folder: Path) -> Checkpoint | None:
    """Read the checkpoint; None if it is missing, damaged, or of another version of this program."""
    try:
        content: dict[str, Any] = json.loads((folder / NAME).read_bytes())
        claimed = content.pop("own_checksum")
        if checksum_of(content) != claimed:
            return None
        if content["format"] != _FORMAT or content["schema_version"] != SCHEMA_VERSION:
            return None
        return Checkpoint(
            sequence=content["sequence"],
            checksum=content["checksum"],
            live={file["path"]: DataFile(**file) for file in content["live"]},
            replaced={path: (sequence, kind) for path, (sequence, kind) in content["replaced"].items()},
            runs={run_id: RunRecord(**run) for run_id, run in content["runs"].items()},
            last_takedown=content["last_takedown"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def fits(checkpoint: Checkpoint, entry: Commit) -> bool:
    """Whether ``checkpoint`` was made from the log to which ``entry`` belongs."""
    return (checkpoint.sequence, checkpoint.checksum) == (entry.sequence, entry.checksum)
