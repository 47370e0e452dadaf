"""A snapshot of which a file is made must not show what was taken down before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from commentariat import WarehouseError
from warehouse.log.commit_log import last_takedown_of
from warehouse.querying.connect import Reader


@contextmanager
def pinned_after_takedowns(reader: Reader) -> Iterator[None]:
    """Keep the newest snapshot open during the block, as :meth:`Reader.pinned` does, if no takedown is later than it.

    Raises
    ------
    WarehouseError
        When a takedown has been committed and not published, so that the snapshot may show what is gone.
    """
    # It is read before the snapshot is opened, because a later takedown may be published with the snapshot.
    takedown = last_takedown_of(reader.root)
    with reader.pinned():
        (snapshot,) = reader.query("FROM snapshot").to_pylist()
        if snapshot["sequence"] < takedown:
            raise WarehouseError(
                f"commit {takedown} has taken something down, but the published snapshot is of commit "
                f"{snapshot['sequence']}: if a command is still writing, try again when it has ended; otherwise run "
                "`commentariat publish` first"
            )
        yield
