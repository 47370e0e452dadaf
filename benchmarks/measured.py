"""Running a command in a process of its own, and measuring its time and memory. Linux only: it reads ``/proc``."""

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LOOK_EVERY_SECONDS = 0.1
MEBIBYTE = 1024 * 1024
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Measured:
    """The JSON that a command printed on its last line, and the time and memory that it used.

    Attributes
    ----------
    cpu_seconds
        Processor time of the process and of those of its children that have ended.
    peak_mb
        Largest memory of the process and its children together, measured ten times a second.
    """

    printed: dict[str, Any]
    cpu_seconds: float
    peak_mb: float


def measure(
    module: str, *arguments: object, environment: dict[str, str] | None = None, cores: int | None = None
) -> Measured:
    """Run the function ``main`` of a module with arguments, on `cores` of the cores that this process may use.

    Parameters
    ----------
    cores
        Number of cores; None for all.

    Raises
    ------
    SystemExit
        When the command fails. It has printed its own error message before.
    """
    # Not `python -m module`: worker processes of a night would import the module and all that it imports once more.
    command = [sys.executable, "-c", f"from {module} import main; main()", *map(str, arguments)]
    if cores is not None:
        allowed = sorted(os.sched_getaffinity(0))[:cores]
        command = ["taskset", "--cpu-list", ",".join(map(str, allowed)), *command]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        peak = 0
        ended = threading.Event()

        def look() -> None:
            nonlocal peak
            while not ended.wait(_LOOK_EVERY_SECONDS):
                peak = max(peak, held(process.pid))

        watcher = threading.Thread(target=look)
        watcher.start()
        try:
            assert process.stdout is not None
            lines = process.stdout.read().splitlines()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            ended.set()
            watcher.join()
    if process.returncode:
        raise SystemExit(
            f"{' '.join(command)} ended with code {process.returncode}; its error message is above"
        )
    # Not usage.ru_maxrss: it includes what this process held when it started the other one.
    return Measured(json.loads(lines[-1]), usage.ru_utime + usage.ru_stime, peak / MEBIBYTE)


def resident(pid: int) -> int:
    """Return the bytes of memory that a process holds; 0 if it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (FileNotFoundError, ProcessLookupError):
        return 0


def held(pid: int) -> int:
    """Return the bytes of memory that a process and its children hold; 0 if it has ended.

    A child with the command line of its parent is left out. It has just been forked, and shares all of its memory with
    its parent until it runs its own program; counted twice, that would be the peak of every long night.
    """
    command = _command(pid)
    return resident(pid) + sum(held(child) for child in children(pid) if _command(child) != command)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process and its children until now; 0 if it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS + sum(map(cpu_seconds, children(pid)))


def children(pid: int) -> list[int]:
    """Return the ids of the children of a process."""
    ids: list[int] = []
    with suppress(FileNotFoundError, ProcessLookupError):  # the process has ended
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(FileNotFoundError, ProcessLookupError):  # the thread has ended
                ids += map(int, (thread / "children").read_text().split())
    return ids
