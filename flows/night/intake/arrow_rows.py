"""The rows of a table of Arrow as Python objects, a few at a time."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa


def rows_in(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Give a table's rows, a thousand converted at a time, because Python objects need ten times Arrow's memory."""
    for batch in table.to_batches(max_chunksize=1_000):
        yield from batch.to_pylist()
