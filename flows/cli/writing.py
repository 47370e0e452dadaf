"""The writer for commands that change a warehouse without a flow: the same lock, the same log."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from flows.config import load_config
from warehouse import Warehouse, Writer


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
    place = Warehouse(warehouse.resolve() if warehouse is not None else settings.path)
    place.existing()
    run_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:8]}"
    with place.writing(run_id=run_id, flow=flow, wait_seconds=settings.wait_seconds) as writer:
        yield writer
