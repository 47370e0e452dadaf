"""A bound on the processor's time, for code that may never come back."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise :class:`AssertionError` in the middle of the block once it has kept the processor busy for so long.

    What else the machine does is not counted. Only for the main thread.
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
