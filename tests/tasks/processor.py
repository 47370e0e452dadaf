"""A limit of processor time, for code that may never end."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise :class:`AssertionError` inside the block as soon as it has used `seconds` of processor time.

    Other work of the machine is not counted. It works only in the main thread.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"still busy after {seconds:g} s of the processor")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
