"""A port for a program that binds it later is given to one test only, and nobody answers at a silent one."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ports import LOOPBACK, own_port, silent_port

ROOT = Path(__file__).parent.parent
FIRST_FREE = """
import os, sys
os.getpid = lambda: int(sys.argv[1])  # as if its search began at the same port
from tests.ports import own_port
print(own_port())
"""


def test_a_port_is_given_to_one_process_only_and_can_be_bound_again_and_again() -> None:
    first, second = own_port(), own_port()
    assert first != second
    for _ in range(2):
        with socket.create_server((LOOPBACK, first)):
            pass
    of_another = subprocess.run(
        [sys.executable, "-c", FIRST_FREE, str(first)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(of_another.stdout) not in (first, second)


def test_nobody_answers_at_a_silent_port_and_nobody_can_take_it() -> None:
    with silent_port() as port:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((LOOPBACK, port), timeout=10)
        with pytest.raises(OSError, match="in use"), socket.socket() as other:
            other.bind((LOOPBACK, port))
