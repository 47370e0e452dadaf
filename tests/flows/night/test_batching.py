"""Things are cut into parts that are as large as they should be, whole and in order."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.night.batching import batch_size, chunks, rows_of


@pytest.mark.parametrize(
    ("pieces", "size"), [(0, 64), (64, 64), (2_560, 64), (2_561, 65), (10_000, 250), (1_000_000, 256)]
)
def test_a_long_night_takes_larger_micro_batches_rather_than_more(pieces: int, size: int):
    assert batch_size(64, pieces, batches=40, most=256) == size


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
    assert [row["n"] for row in rows_of(table)] == list(range(count + 3))


def _numbers(start: int, stop: int) -> pa.Table:
    return pa.table({"n": pa.array(range(start, stop), pa.int64())})
