"""The sitemaps of a source that wait to be read, and their order."""

from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Final, NamedTuple

from tasks.discover.listing import Visitor
from tasks.item import Item

_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_A_DAY: Final = timedelta(days=1)  # many indexes state the day of a change without its hour


class WaitingSitemap(NamedTuple):
    """A sitemap that waits; the first three fields decide the order."""

    listed_as_unchanged: bool
    last_read: datetime
    number: int
    item: Item
    depth: int
    known: set[str]


class Waiting:
    """The sitemaps that are to be read, in an order in which each of them is read after a few nights.

    If a site is so slow that the time ends before all are read, the next night begins with those that were not read.
    Those for which an index states that they have not changed since their last visit come last.
    """

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._sitemaps: list[WaitingSitemap] = []
        self._number = 0

    def __len__(self) -> int:
        return len(self._sitemaps)

    def add(self, item: Item, depth: int, known: set[str]) -> None:
        """Add a sitemap, how deep it is below the first index, and the sitemaps that are already known there."""
        last = self._visitor.last_visit(item.url)
        self._number += 1
        unchanged = bool(last and item.modified_hint and item.modified_hint + _A_DAY < last.fetched_at)
        last_read = last.fetched_at if last else _NEVER
        heappush(self._sitemaps, WaitingSitemap(unchanged, last_read, self._number, item, depth, known))

    def next(self) -> WaitingSitemap:
        """Take the sitemap that is to be read next."""
        return heappop(self._sitemaps)

    def put_back(self, sitemap: WaitingSitemap) -> None:
        """Put back a sitemap that could not be read in time."""
        heappush(self._sitemaps, sitemap)
