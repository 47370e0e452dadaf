"""The work of a worker process: what it loads when it starts, and the pages that it reads.

A worker process imports this module and what it needs. It must need little, because each worker holds all of it.
"""

from __future__ import annotations

import gc
import sys

from tasks.article import Article
from tasks.extract.explanation import Explanation
from tasks.extract.requirements import Requirements
from tasks.outcome import Outcome
from tasks.page import Page

__all__ = ["explain", "extract", "prepare"]

_MEGABYTE = 1 << 20

# The process that gives the work imports this module too, and reads no page. So the extractors are imported in the
# functions, which run in workers only.


def extract(page: Page, requirements: Requirements) -> Article | Outcome:
    """Make an article from a page, or give the reason why it is none."""
    from tasks.extract.extract import extract_page  # noqa: PLC0415 - as above

    return extract_page(page, requirements)


def explain(page: Page, requirements: Requirements) -> Explanation:
    """Make an article from a page, and keep every signal."""
    from tasks.extract.extract import explain_page  # noqa: PLC0415 - as above

    return explain_page(page, requirements)


def prepare(megabytes: int) -> None:
    """Prepare a new worker: load the libraries, then limit the memory that a page may add."""
    from tasks.extract.extract import load_libraries  # noqa: PLC0415 - as above

    load_libraries()
    gc.freeze()  # in this worker process only: the loaded objects are not searched again for each page
    if sys.platform != "linux":
        # On other systems RLIMIT_AS is missing or has no effect; the time limit still works.
        return
    import resource  # noqa: PLC0415 - exists on Unix only

    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - procfs, not a path of ours
        in_use = int(file.read().split()[0]) * resource.getpagesize()
    limit = in_use + megabytes * _MEGABYTE
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(
        resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard)
    )
    # A worker that crashes writes no core file to the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
