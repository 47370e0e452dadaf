"""Tidying: what a run removes once it has published, and the checkpoint of the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from warehouse.annotations.inbox import Inbox
from warehouse.durable import explained
from warehouse.log.commit_log import CommitLog
from warehouse.log.replaced_files import is_kept, purge
from warehouse.publishing.generations import prune
from warehouse.publishing.publish import OnStep

logger = logging.getLogger(__name__)


def tidy(
    root: Path,
    log: CommitLog,
    *,
    keep_snapshots: int,
    checkpoint_every: int,
    forget_taken_down: Callable[[], None],
    on_step: OnStep,
) -> None:
    """Remove people's answers that readers find by now, old snapshots, and all files that a takedown replaced.

    A checkpoint of the log is written if one is due. Only the holder of the writer's lock may call this, and only when
    everything committed is published: after publishing, or when a run begins, because a run that published may have
    been killed before this.

    Parameters
    ----------
    root
        The warehouse's folder.
    log
        The commit log, up to date.
    keep_snapshots
        Number of published snapshots that stay.
    checkpoint_every
        Number of commits after which a checkpoint is due.
    forget_taken_down
        Removes taken-down content from what was made of the data files; called before such files are deleted.
    on_step
        Called when a checkpoint has been written.

    Raises
    ------
    WarehouseError
        Files cannot be deleted, or the shared place cannot be read.
    """
    with explained("Removing answers that are published", root):
        for file in Inbox(root).joined():
            file.unlink()
    prune(root, keep=keep_snapshots, not_before=log.last_takedown)
    if log.remote:
        log.remote.entries.tidy(log.head)
    purge(root, log, first=forget_taken_down)
    try:
        made = log.checkpoint(every=checkpoint_every, is_there=lambda path: is_kept(root, path))
    except OSError as error:  # a checkpoint only makes later runs start faster, so this run must not fail
        logger.warning("no checkpoint of the log could be written: %s", error)
    else:
        if made:
            on_step("checkpoint written")
