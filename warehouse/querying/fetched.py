"""The part of the log whose files are on this machine, for all who read the files without the lock.

A run in a working copy reads the log entries of other machines when it starts and with each commit of its own. It
fetches the files that these entries name when its base follows the log. In between, also after a run that was killed
there, the files are not lost: they are in the shared place, and the next run fetches them. Those of the published
commit are here: all of them were fetched before it was published, and they stay as long as it is the published one.
"""

from __future__ import annotations

from pathlib import Path

from warehouse.log.commit_log import CommitLog
from warehouse.log.state import LogState
from warehouse.publishing.generations import published_sequence
from warehouse.sharing.working_copy import recorded_place


def fetched_state(root: Path, log: CommitLog) -> LogState:
    """Compute the last state of the log of which every file must be on this machine.

    This is the end of the log, as far as it has been read; of a working copy that still lacks files of later commits,
    it is the published commit. (Without one, nothing must be here yet.)

    Raises
    ------
    WarehouseError
        The record of the shared place, or an entry of the log, cannot be read.
    """
    if recorded_place(root) is not None:
        # This comes first: files of a commit that is published a moment later may be missed when they are looked for.
        published = log.as_of(published_sequence(root))
        later = (file for file in log.live_files() if file.path not in published.live)
        if not all((root / file.path).exists() for file in later):
            return published
    return log.as_of(log.head)
