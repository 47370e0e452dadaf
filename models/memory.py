"""Memory that was freed and that the C library would keep."""

import contextlib
import ctypes


def give_back_memory() -> None:
    """Return freed memory to the system, from all threads; it takes some milliseconds.

    Other C libraries than glibc have no such function, and do not keep the memory.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
