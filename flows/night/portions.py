"""Portions of the work of a run: the size of its micro-batches, and things or the rows of a table a few at a time.

The intake, the scoring and the second model use it, so that none of them has the texts of all articles in memory.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import pyarrow as pa

T = TypeVar("T")


def batch_size(least: int, how_many: int, *, batches: int, most: int) -> int:
    """Choose the size of a run's micro-batches: ``least``, as configured, and more for a long run.

    Each task run adds about 20 kB to the database of the Prefect server. Therefore a long run takes larger
    micro-batches, of up to ``most`` articles, instead of more than ``batches`` of them. There is an upper limit because
    a batch must fit into memory, and because a killed run must do its current batch again.
    """
    return max(least, min(most, -(-how_many // batches)))


def chunks(things: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Cut anything into tuples of at most ``size`` (``itertools.batched`` from Python 3.12 on)."""
    iterator = iter(things)
    while chunk := tuple(islice(iterator, size)):
        yield chunk


def rows_in(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Give a table's rows, a thousand converted at a time, because Python objects need ten times Arrow's memory."""
    for batch in table.to_batches(max_chunksize=1_000):
        yield from batch.to_pylist()
