"""Portions contain everything, in order, and micro-batches are as large as they should be."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.night.portions import batch_size, chunks, rows_in


@pytest.mark.parametrize(
    ("how_many", "size"), [(0, 64), (64, 64), (2_560, 64), (2_561, 65), (10_000, 250), (1_000_000, 256)]
)
def test_a_long_run_takes_larger_micro_batches_rather_than_more(how_many: int, size: int):
    assert batch_size(64, how_many, batches=40, most=256) == size


def test_a_micro_batch_is_never_smaller_than_configured():
    assert batch_size(512, 10, batches=40, most=256) == 512


@given(st.lists(st.integers()), st.integers(1, 9))
def test_chunks_contain_all_things_in_order(things: list[int], size: int):
    cut = list(chunks(things, size))
    assert [thing for chunk in cut for thing in chunk] == things
    assert all(0 < len(chunk) <= size for chunk in cut)


@pytest.mark.parametrize("count", [0, 1, 1_000, 2_500])
def test_a_tables_rows_come_whole_and_in_order(count: int):
    table = pa.concat_tables([_numbers(0, count), _numbers(count, count + 3)])
    assert [row["n"] for row in rows_in(table)] == list(range(count + 3))


def _numbers(start: int, stop: int) -> pa.Table:
    return pa.table({"n": pa.array(range(start, stop), pa.int64())})
