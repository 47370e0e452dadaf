"""The entries of the commit log: their content, and how they are written and read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from commentariat import WarehouseError
from warehouse.definitions.schema import SCHEMA_VERSION

CommitKind = Literal["append", "finish", "compaction", "takedown"]
APPEND: Final = "append"
FINISH: Final = "finish"
COMPACTION: Final = "compaction"
TAKEDOWN: Final = "takedown"

OWN_NAME = re.compile(r"^.*-([0-9a-f]{8}|[0-9a-f]{16})\.parquet")
"""The form of this program's file names: run and sixteen hex digits, or eight of an earlier version."""


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file under ``data/``; ``path`` is relative to the warehouse."""

    path: str
    table: str
    rows: int
    bytes: int
    sha256: str
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class Commit:
    """One entry of the log.

    Attributes
    ----------
    sequence
        1, 2, 3 ...; also the file name.
    run_id, batch
        Together they make a commit idempotent: the same pair is never committed twice.
    kind
        ``append`` (a micro-batch), ``finish`` (the end of a run, no files), ``compaction``, ``takedown``.
    add, remove
        Files that belong to the warehouse from this commit on, and paths of files that no longer do.
    previous
        Checksum of the previous entry; empty for the first.
    note
        A note for people: how the run ended and, each on a line, its warnings; or what was taken down.
    is_of_inputs
        Whether the run takes in only what was named with --input; None if it takes in nothing. Entries before schema
        version 10 do not have it.
    """

    sequence: int
    run_id: str
    batch: str
    flow: str
    kind: CommitKind
    started_at: str
    committed_at: str
    add: tuple[DataFile, ...] = ()
    remove: tuple[str, ...] = ()
    previous: str = ""
    note: str = ""
    is_of_inputs: bool | None = None
    schema_version: int = SCHEMA_VERSION
    checksum: str = ""

    @property
    def rows(self) -> dict[str, int]:
        """Rows added, by table."""
        return rows_by_table(self.add)


def rows_by_table(files: Iterable[DataFile]) -> dict[str, int]:
    """Count the rows of ``files``, by table; a table without a file is left out."""
    counts: dict[str, int] = {}
    for file in files:
        counts[file.table] = counts.get(file.table, 0) + file.rows
    return counts


def now() -> str:
    """Return the present instant as log entries write it: ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def encode(commit: Commit) -> bytes:
    """Write a commit as the bytes of its log entry, its checksum included."""
    content = asdict(replace(commit, checksum=""))
    content["checksum"] = checksum_of(content)
    return json.dumps(content, indent=1, ensure_ascii=False).encode()


def decode(content: bytes, path: Path) -> Commit:
    """Read a log entry; raise :class:`WarehouseError` if it is damaged or newer than this program."""
    try:
        fields: dict[str, Any] = json.loads(content)
        version, claimed = int(fields["schema_version"]), fields["checksum"]
    except (ValueError, KeyError, TypeError) as error:
        raise WarehouseError(
            f"{path} is not a log entry of this warehouse: restore it from a backup"
        ) from error
    if version > SCHEMA_VERSION:
        raise WarehouseError(
            f"{path} was written by a newer version (schema {version}, this program supports {SCHEMA_VERSION}): "
            "upgrade commentariat"
        )
    fields["checksum"] = ""
    if checksum_of(fields) != claimed:
        raise WarehouseError(f"{path} has been altered (its checksum does not fit): restore it from a backup")
    fields["checksum"] = claimed
    fields.pop("outcomes", None)  # older entries have it, and it was always empty
    fields["add"] = tuple(DataFile(**file) for file in fields["add"])
    fields["remove"] = tuple(fields["remove"])
    return Commit(**fields)


def checksum_of(fields: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of ``fields``."""
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
