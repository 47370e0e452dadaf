"""The limit of memory that tests use notices a block that needs too much, however much was needed before it."""

import sys

import pytest

from tests.tasks.memory import at_most_more

MIB = 1024 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux measures the peak anew")
def test_a_block_that_needs_too_much_memory_fails_also_in_a_process_that_once_needed_more() -> None:
    bytearray(b"x") * (256 * MIB)
    with pytest.raises(AssertionError, match="kB more"), at_most_more(40 * 1024):
        bytearray(b"x") * (64 * MIB)


def test_a_block_that_needs_little_memory_passes() -> None:
    with at_most_more(40 * 1024):
        bytearray(b"x") * MIB
