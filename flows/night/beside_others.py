"""Loading beside other machines that share the warehouse: what they were faster with is left out."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping

from commentariat import AuditError
from tasks.load import Row, arrow_tables
from tasks.stations import load_station, skip_prefect_scan
from warehouse import Commit, Writer
from warehouse.overtaken import still_to_add

Load = Callable[[str, Writer, Mapping[str, Iterable[Row]]], Awaitable[Commit]]
"""The load station: name of the batch, writer, rows."""


async def load_as_task(batch: str, writer: Writer, rows: Mapping[str, Iterable[Row]]) -> Commit:
    """Load as a task of Prefect."""
    return await load_station(batch, skip_prefect_scan(writer), skip_prefect_scan(rows))


async def load_what_is_left(
    batch: str, writer: Writer, rows: Mapping[str, list[Row]], *, load: Load = load_as_task
) -> None:
    """Commit rows that are as right from one machine as from another, such as the answers of a model.

    Where another machine has committed some of them meanwhile, or has taken their article down, the rest is committed.

    Raises
    ------
    AuditError
        An audit refuses them for what they are.
    """
    while any(rows.values()):
        try:
            await load(batch, writer, rows)
        except AuditError:
            tables = arrow_tables(rows, writer.run_id)
            left = await asyncio.to_thread(still_to_add, writer, tables)
            if all(name in left and left[name].num_rows == tables[name].num_rows for name in tables):
                raise
            rows = {name: table.to_pylist() for name, table in left.items()}
        else:
            return
