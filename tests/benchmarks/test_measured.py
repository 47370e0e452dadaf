"""The memory that is measured is that of the command alone."""

import os
import sys

import pytest

from benchmarks.measured import children, measure

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")


def test_what_this_process_holds_is_not_counted_for_a_command_that_it_starts() -> None:
    held_here = bytearray(os.urandom(1 << 20) * 300)
    measured = measure("tests.benchmarks.prints_nothing")
    assert measured.printed == {}
    assert 0 < measured.peak_mb < 200
    assert len(held_here) == 300 << 20


def test_a_process_that_has_ended_has_no_children() -> None:
    assert children(2**22 + 1) == []
