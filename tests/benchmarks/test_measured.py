"""The memory that is measured is that of the command alone."""

import os
import subprocess
import sys

import pytest

from benchmarks.measured import MEBIBYTE, children, held, measure, resident

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")


def test_what_this_process_holds_is_not_counted_for_a_command_that_it_starts() -> None:
    held_here = bytearray(os.urandom(1 << 20) * 300)
    measured = measure("tests.benchmarks.prints_nothing")
    assert measured.printed == {}
    assert 0 < measured.peak_mb < 200
    assert len(held_here) == 300 << 20


FORKS = """
import os, sys
content = bytearray(os.urandom(1 << 20) * 100)
if os.fork():
    print("forked", flush=True)
    sys.stdin.read()
    os.wait()
else:
    sys.stdin.read()
"""


def test_a_child_that_still_shares_the_memory_of_its_parent_is_not_counted_again() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", FORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "forked\n"
        (child,) = children(process.pid)
        assert resident(child) > 100 * MEBIBYTE
        assert held(process.pid) == resident(process.pid) < 190 * MEBIBYTE
        process.communicate()


def test_a_process_that_has_ended_has_no_children() -> None:
    assert children(2**22 + 1) == []
