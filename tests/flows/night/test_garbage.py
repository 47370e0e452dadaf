"""What finished tasks keep is freed while a night runs, and not after every few articles."""

import gc
import weakref

from flows.night.garbage import ARTICLES_PER_COLLECTION, FinishedTasks


class Kept:
    """An object that refers to itself, as the records of a finished task refer to each other."""

    def __init__(self) -> None:
        self.itself = self


def test_finished_tasks_are_freed_each_time_that_enough_articles_are_stored():
    finished = FinishedTasks()
    gc.disable()  # so that Python frees nothing at a time of its own choice
    try:
        for _ in range(2):
            kept = weakref.ref(Kept())
            finished.count(ARTICLES_PER_COLLECTION - 1)
            assert kept() is not None
            finished.count(1)
            assert kept() is None
    finally:
        gc.enable()
