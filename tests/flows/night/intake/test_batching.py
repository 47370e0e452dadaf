"""Work is cut into micro-batches that are whole and in order, each of several sources."""

import gc
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from flows.night.intake.batching import Batch, Work, micro_batches
from tasks.item import Item, Visit

SOURCES = st.lists(st.sampled_from(["a", "b", "c"]), max_size=40)


def item(url: str, source: str) -> Item:
    return Item(url=url, article_id=url[-8:], source=source)


def work_of(sources: list[str]) -> list[Work]:
    return [Work(item(f"https://{source}.example/{n}", source), None) for n, source in enumerate(sources)]


@given(SOURCES, st.integers(1, 7))
def test_every_due_item_is_in_exactly_one_batch(sources: list[str], size: int):
    work = work_of(sources)
    batches = list(micro_batches(work, size))
    assert Counter(i.url for batch in batches for i in batch.items) == Counter(w.item.url for w in work)
    assert [batch.number for batch in batches] == list(range(1, len(batches) + 1))
    assert all(len(batch.items) == size for batch in batches[:-1])


@given(st.integers(1, 20), st.integers(2, 10))
def test_sources_take_turns(each: int, size: int):
    work = work_of(["a"] * each + ["b"] * each)
    order = [i.source for batch in micro_batches(work, size) for i in batch.items]
    assert all(first != second for first, second in pairwise(order))


def test_work_that_has_been_given_out_is_not_kept():
    """Otherwise the memory of a night grows with the number of its items until its end."""
    gc.collect()
    before = sum(isinstance(one, Work) for one in gc.get_objects())
    batches = micro_batches(work_of(["a", "b"] * 500), 10)
    for _ in range(50):
        next(batches)
    assert sum(isinstance(one, Work) for one in gc.get_objects()) - before <= 510


def test_a_batch_has_visits_only_of_visited_pages():
    url = "https://a.example/1"
    visit = Visit(url=url, resource="page", fetched_at=datetime(2026, 11, 1, tzinfo=UTC))
    batch = Batch(1, (Work(item(url, "a"), visit), Work(item("https://a.example/2", "a"), None)))
    assert batch.visits == {url: visit}
