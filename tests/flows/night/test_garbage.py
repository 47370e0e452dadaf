"""What finished tasks keep is freed while a night runs, and not after every few articles."""

import gc
import weakref

import pytest

from flows.night.garbage import (
    ARTICLES_PER_COLLECTION,
    BYTES_PER_COLLECTION,
    FinishedTasks,
    only_new_objects_searched,
    search_only_newer_objects,
)


class Kept:
    """An object that refers to itself, as the records of a finished task refer to each other."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.parametrize(
    ("almost_enough", "and_more"),
    [
        ((ARTICLES_PER_COLLECTION - 1, 0), (1, 0)),
        ((1, BYTES_PER_COLLECTION - 1), (1, 1)),
    ],
)
def test_finished_tasks_are_freed_each_time_that_enough_articles_or_texts_are_stored(
    almost_enough: tuple[int, int], and_more: tuple[int, int]
):
    finished = FinishedTasks()
    gc.disable()  # so that Python frees nothing at a time of its own choice
    try:
        for _ in range(2):
            kept = weakref.ref(Kept())
            finished.count(*almost_enough)
            assert kept() is not None
            finished.count(*and_more)
            assert kept() is None
    finally:
        gc.enable()


def test_what_is_in_memory_when_a_night_begins_is_not_searched_until_it_ends():
    garbage = weakref.ref(Kept())
    known = Kept()
    with only_new_objects_searched():
        assert garbage() is None, "it would stay for the whole night"
        new = weakref.ref(Kept())
        assert not any(held is known for held in gc.get_objects())
        gc.collect()
        assert new() is None
    assert any(held is known for held in gc.get_objects())


def test_the_work_of_a_night_is_not_searched_once_it_is_listed_and_is_freed_with_its_last_reference():
    with only_new_objects_searched():
        garbage, work, freed = weakref.ref(Kept()), [{"item": 1}], []
        search_only_newer_objects()
        assert garbage() is None
        assert not any(held is work for held in gc.get_objects())
        weakref.finalize(item := Kept(), freed.append, True)
        item.itself = None
        search_only_newer_objects()
        del item
        assert freed == [True], "no collection is needed"
    assert any(held is work for held in gc.get_objects())
