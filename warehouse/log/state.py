"""The state of the commit log as of one entry: what its entries, from the first to this one, add up to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from warehouse.log.entries import FINISH, TAKEDOWN, Commit, CommitKind, DataFile


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The log's record of one run.

    Attributes
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


@dataclass(slots=True)
class LogState:
    """The state of the log as of one entry; without arguments, that of an empty log.

    Attributes
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

    sequence: int = 0
    checksum: str = ""
    live: dict[str, DataFile] = field(default_factory=dict)
    replaced: dict[str, tuple[int, CommitKind]] = field(default_factory=dict)
    runs: dict[str, RunRecord] = field(default_factory=dict)
    last_takedown: int = 0

    def apply(self, commit: Commit) -> None:
        """Change this to the state as of ``commit``; the caller has checked that it is the next entry."""
        self.sequence, self.checksum = commit.sequence, commit.checksum
        for removed in commit.remove:
            self.live.pop(removed, None)
            self.replaced[removed] = (commit.sequence, commit.kind)
        self.live.update({file.path: file for file in commit.add})
        run = self.runs.get(commit.run_id) or RunRecord(commit.sequence, commit.started_at, 0)
        self.runs[commit.run_id] = replace(run, finishes=run.finishes + (commit.kind == FINISH))
        if commit.kind == TAKEDOWN:
            self.last_takedown = commit.sequence

    def disagreement(self, other: LogState) -> str:
        """Name the first part in which this state contradicts ``other``, the truth; empty if it does not.

        This state may lack replaced files that have been deleted.
        """
        for part in ("sequence", "checksum", "last_takedown"):
            if getattr(self, part) != getattr(other, part):
                return part
        if list(self.live.values()) != list(other.live.values()):
            return "live files"
        if not self.replaced.items() <= other.replaced.items():
            return "replaced files"
        return "" if self.runs == other.runs else "runs"
