"""Loading while other machines write to the same warehouse: rows that another machine has committed are left out."""

import asyncio
from collections.abc import Mapping

from commentariat import AuditError
from tasks.load import Row, arrow_tables
from tasks.stations import load_station
from warehouse import Writer
from warehouse.writing.overtaken import ranks_above_others, still_to_add


async def load_what_is_left(batch: str, writer: Writer, rows: Mapping[str, list[Row]]) -> None:
    """Commit rows that are equally right from any machine, such as the answers of a model.

    If another machine has meanwhile committed some of these rows, or has taken their article down, only the remaining
    rows are committed. If it has given the rank of a newly named model to another one, this model gets a higher rank.

    Raises
    ------
    AuditError
        When an audit rejects the rows themselves.
    """
    while any(rows.values()):
        try:
            await load_station(batch, writer, rows)
        except AuditError:
            tables = arrow_tables(rows, writer.run_id)
            left = await asyncio.to_thread(still_to_add, writer, tables)
            named = tables.get("reading")
            raised = None if named is None else await asyncio.to_thread(ranks_above_others, writer, named)
            if raised is not None:
                left["reading"] = raised  # all of them, since their order matters
            elif all(name in left and left[name].num_rows == tables[name].num_rows for name in tables):
                raise
            rows = {name: table.to_pylist() for name, table in left.items()}
        else:
            return
