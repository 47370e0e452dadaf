"""A limit of memory, for code that reads what others may have made endless."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _memory(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


@contextmanager
def at_most_more(kilobytes: int) -> Iterator[None]:
    """Fail if this process needs more than so many kB more in the block than before; measured on Linux only.

    What it needed before the block does not count. The peak that every system keeps (``ru_maxrss``) is that of the
    whole life of the process, and late in its life no block exceeds that.
    """
    peak = Path("/proc/self/clear_refs")
    if not peak.exists():
        yield
        return
    peak.write_text("5")  # from now on the largest size is measured anew
    before = _memory("VmRSS")
    yield
    grown = _memory("VmHWM") - before
    assert grown < kilobytes, f"{grown} kB more"
