"""The rows of a table are all given, also if they are converted in several steps."""

import pyarrow as pa
import pytest

from flows.night.intake.arrow_rows import rows_in


@pytest.mark.parametrize("count", [0, 1, 1_000, 2_500])
def test_a_tables_rows_come_whole_and_in_order(count: int):
    table = pa.concat_tables([_numbers(0, count), _numbers(count, count + 3)])
    assert [row["n"] for row in rows_in(table)] == list(range(count + 3))


def _numbers(start: int, stop: int) -> pa.Table:
    return pa.table({"n": pa.array(range(start, stop), pa.int64())})
