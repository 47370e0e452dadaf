"""Checkpoints: what the commit log comes to as of some entry, so that opening it need not read every entry.

``log/checkpoint.json`` is only ever a shortcut, made by the writer from the entries now and then, and never needed:
missing, damaged, or not fitting the entry it names, it is passed over and the entries are read. It never goes to object
storage. What it says of every entry before its own is taken on trust when the log is opened; ``verify`` reads all
entries and compares.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from warehouse.durable import sync_folder, write_bytes
from warehouse.entries import Commit, DataFile, checksum_of
from warehouse.schema import SCHEMA_VERSION

NAME = "checkpoint.json"
EVERY = 100
"""A new checkpoint is due once so many entries have appeared since the last one."""

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What the log says of one run.

    Parameters
    ----------
    first
        Sequence of its first commit.
    started_at
        When it started, as its first commit says.
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
        The entry.
    live
        The files that make up the warehouse, in the order of their commits.
    replaced
        Files that compaction or takedown removed and that may still lie somewhere: path -> the removing commit's
        sequence and kind.
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

        This one may have left out replaced files that are gone for good.
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
    """Put ``checkpoint`` in the place of the one before, at one instant."""
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
    """Read the checkpoint; None where there is none that is whole and of this program's making."""
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
    """Whether ``checkpoint`` was made of the log that ``entry`` belongs to."""
    return (checkpoint.sequence, checkpoint.checksum) == (entry.sequence, entry.checksum)
