"""A Prefect server ends with the process that started it, even if that process cannot end it any more."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.serving import end_after_parent

ROOT = Path(__file__).parents[3]
SERVED = """
import signal
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it would be ignored
from flows.serving.local_server import local_server
from tests.ports import own_port
with local_server(own_port()):
    pass
"""
RUN = """
from prefect import flow
from flows.cli.running import carry_out
@flow
async def night():
    pass
carry_out(lambda: lambda: night(return_state=True), lambda _: 0, verbose=False)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(600)
"""


def processes() -> dict[int, tuple[int, str]]:
    """Return the parent and the command line of each process that has not ended."""
    listed = subprocess.run(
        ["ps", "-ewwo", "pid,ppid,stat,args"], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(maxsplit=3) for line in listed.splitlines()[1:]]
    return {int(pid): (int(parent), args) for pid, parent, state, args in rows if state[0] != "Z"}


def until(seen: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.3)


@pytest.mark.parametrize(
    ("script", "end"),
    [(SERVED, signal.SIGKILL), (SERVED, signal.SIGHUP), (RUN, signal.SIGTERM)],
    ids=["killed", "terminal-closed", "run-terminated"],
)
def test_a_server_ends_when_the_process_that_started_it_is_ended_by_a_signal(
    script: str, end: signal.Signals, tmp_path: Path
) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    environment = kept | {"PYTHONPATH": str(ROOT), "PREFECT_HOME": str(tmp_path)}
    parent = subprocess.Popen([sys.executable, "-c", script], env=environment)
    children: dict[int, str] = {}

    def has_started() -> bool:
        assert parent.poll() is None
        children.update({pid: args for pid, (of, args) in processes().items() if of == parent.pid})
        return all(
            any(words in args for args in children.values())
            for words in ("prefect_program.py server start", "end_after_parent.py")
        )

    until(has_started, 240)
    parent.send_signal(end)
    assert parent.wait(60) == -end
    until(lambda: not children.keys() & processes().keys(), 60)


def test_a_server_that_does_not_end_on_request_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(end_after_parent, "_STOP_SECONDS", 0.1)
    with subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        server.stdout.readline()
        gone = os.getpid()  # no process is its own parent
        end_after_parent.end_after_parent(gone, server.pid)
        assert server.wait(60) == -signal.SIGKILL
