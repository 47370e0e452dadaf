"""The memory of finished tasks, which Prefect keeps in references that go round in circles.

Only Python's collector of cycles frees it. By itself the collector runs the less often the more objects a night holds:
the arguments and results of dozens of micro-batches, with all of their texts and rows, would wait for it.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from models.memory import give_back_memory

ARTICLES_PER_COLLECTION = 500
"""A collection takes some hundredths of a second; so many articles take several seconds even without a classifier."""
BYTES_PER_COLLECTION = 32 << 20
"""An article has 5 kB on average; a night with much larger texts needs a collection earlier."""


@contextmanager
def only_new_objects_searched() -> Iterator[None]:
    """While the block runs, let the collector search only objects that are made in it.

    Prefect, the classifier and all other modules have some hundred thousand objects. To search these takes a quarter
    of a second each time, in which the event loop and every other thread stand still.
    """
    search_only_newer_objects()
    try:
        yield
    finally:
        gc.unfreeze()


def search_only_newer_objects() -> None:
    """Free what is garbage, and let the collector leave out the objects that exist now.

    They are still freed when the last reference to them goes; only circles of them stay, until the end of
    :func:`only_new_objects_searched`. A large night calls this again when its work is listed: to search a hundred
    thousand items takes a tenth of a second each time.
    """
    gc.collect()
    gc.freeze()


class FinishedTasks:
    """Frees the memory of finished tasks from time to time."""

    def __init__(self) -> None:
        self._articles = 0
        self._bytes = 0

    def count(self, articles: int, text_bytes: int = 0) -> None:
        """Count the articles of a micro-batch that is stored, and collect if there were enough since the last time."""
        self._articles += articles
        self._bytes += text_bytes
        if self._articles >= ARTICLES_PER_COLLECTION or self._bytes >= BYTES_PER_COLLECTION:
            self._articles = self._bytes = 0
            gc.collect()
            give_back_memory()
