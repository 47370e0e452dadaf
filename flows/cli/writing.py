"""Opens a warehouse for commands that change it without a flow; they use the same lock and log as a run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.settings.config import load_config
from tasks.whole_path import without_links
from warehouse import Writer


@contextmanager
def writing(
    warehouse: Path | None, config: Path | None, *, flow: str, fetch: bool = False
) -> Iterator[Writer]:
    """Open the existing warehouse that a command changes, and hold its lock.

    Parameters
    ----------
    fetch
        Make a working copy if there is none yet and the warehouse is a shared one.

    Raises
    ------
    WarehouseError
        When there is no warehouse, or it belongs to another shared place than that of the configuration.
    WarehouseLockedError
        When a run is writing and does not end in time.
    """
    settings = load_config(config).warehouse
    opened = (settings if warehouse is None else settings.at(without_links(warehouse))).open()
    create = fetch and opened.remote is not None
    with opened.writing(flow=flow, create=create, wait_seconds=settings.wait_seconds) as writer:
        yield writer
