"""The writer for commands that change a warehouse without a flow: the same lock, the same log."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.config import load_config
from warehouse import Writer


@contextmanager
def writing(warehouse: Path | None, config: Path | None, *, flow: str) -> Iterator[Writer]:
    """Open the warehouse that a command is about, which must be there, and hold its lock.

    Raises
    ------
    WarehouseError
        When there is no warehouse.
    WarehouseLockedError
        When a run is writing and does not end in time.
    """
    settings = load_config(config).warehouse
    place = settings.open(warehouse.resolve() if warehouse is not None else None)
    with place.writing(flow=flow, create=False, wait_seconds=settings.wait_seconds) as writer:
        yield writer
