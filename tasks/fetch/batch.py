"""The fetch station for a micro-batch: each item becomes a page or an outcome; a bad site does not delay the others."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from tasks.fetch.fetcher import Fetcher
from tasks.fetch.memory import MemoryShare
from tasks.item import Item, Visit
from tasks.outcome import Outcome
from tasks.page import NotFetchedError, Page

__all__ = ["Fetched", "fetch_batch"]

_NO_VISITS: Final[Mapping[str, Visit]] = MappingProxyType({})


class Fetched(NamedTuple):
    """The result of a batch: each item is in exactly one of the fields, in the order of the items.

    Attributes
    ----------
    left
        Items that were not requested because the pages in memory were large; fetch them when those are released.
    """

    pages: list[Page]
    outcomes: list[Outcome]
    left: list[Item]


async def fetch_batch(
    fetcher: Fetcher,
    items: Sequence[Item],
    previous: Mapping[str, Visit] = _NO_VISITS,
    share: MemoryShare | None = None,
    on_page: Callable[[Page], None] | None = None,
) -> Fetched:
    """Fetch a batch, or as much of it as may be in memory at a time; at least one item.

    Parameters
    ----------
    fetcher
        An open fetcher.
    items
        The items to fetch; a batch with many different hosts is finished soonest.
    previous
        Last visits by URL, for conditional requests.
    share
        Counts the pages until its owner releases them. Without it, they count only until all are fetched.
    on_page
        Called on the event loop with each page when it has come, while others are still being fetched. It must not
        raise an error.
    """
    if share is None:
        with fetcher.memory.share() as own:
            return await fetch_batch(fetcher, items, previous, own, on_page)

    async def fetched(item: Item) -> Page | Outcome:
        result = await _fetch_one(fetcher, item, previous.get(item.url))
        if isinstance(result, Page) and result.body is not None:
            share.add_page(len(result.body))
        if on_page is not None and isinstance(result, Page):
            on_page(result)
        return result

    def leave_out_the_waiting() -> None:
        # Requests that a server has already received are not sent twice.
        begun = fetcher.http.under_way | {asyncio.current_task()}
        wanted = [task for task in tasks if not task.cancelled() and not task.cancelling()]
        waiting = [task for task in wanted if not task.done() and task not in begun]
        # If this call has done nothing yet, it does one item. Otherwise it might do nothing for ever.
        for task in waiting[1:] if len(waiting) == len(wanted) else waiting:
            task.cancel()

    tasks = [asyncio.create_task(fetched(item)) for item in items]
    share.when_full = leave_out_the_waiting
    try:
        results = await asyncio.gather(*tasks, return_exceptions=True)
    except BaseException:
        share.release_pages()
        raise
    finally:
        share.when_full = None
        tasks.clear()  # tracebacks of cancelled tasks refer to it and would keep every page in memory
    return Fetched(
        [result for result in results if isinstance(result, Page)],
        [result for result in results if isinstance(result, Outcome)],
        [
            item
            for item, result in zip(items, results, strict=True)
            if isinstance(result, asyncio.CancelledError)
        ],
    )


async def _fetch_one(fetcher: Fetcher, item: Item, previous: Visit | None) -> Page | Outcome:
    try:
        return await fetcher.fetch(item, previous)
    except NotFetchedError as error:
        return error.as_outcome(item)
    except Exception as error:  # one bad page must not end the night
        failure = NotFetchedError("fetch_failed", f"unforeseen {type(error).__name__}: {str(error)[:200]}")
        return failure.as_outcome(item)
