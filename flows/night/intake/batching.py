"""Cutting work into micro-batches that mix the sources."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from flows.night.portions import chunks
from tasks.item import Item, Visit


@dataclass(frozen=True, slots=True)
class Work:
    """An item that is due, and its last visit if there was one."""

    item: Item
    previous: Visit | None


@dataclass(frozen=True, slots=True)
class Batch:
    """A micro-batch; numbers count from 1 within a run.

    Attributes
    ----------
    part
        1; more for what was left of a micro-batch because its texts were too large to be in memory together.
    """

    number: int
    work: tuple[Work, ...]
    part: int = 1

    @property
    def name(self) -> str:
        """The name of the micro-batch in the commit log and in Prefect; unique within a run."""
        return f"batch {self.number:04d}" + (f" part {self.part}" if self.part > 1 else "")

    @property
    def items(self) -> list[Item]:
        """The items to take in."""
        return [work.item for work in self.work]

    @property
    def visits(self) -> dict[str, Visit]:
        """The last visits by URL, for conditional requests."""
        return {work.item.url: work.previous for work in self.work if work.previous is not None}

    def split(self, left: Collection[str]) -> tuple["Batch", "Batch | None"]:
        """Separate the work whose URLs are left to be done; it is a further part."""
        if not left:
            return self, None
        done = tuple(work for work in self.work if work.item.url not in left)
        rest = tuple(work for work in self.work if work.item.url in left)
        return Batch(self.number, done, self.part), Batch(self.number, rest, self.part + 1)


def micro_batches(work: Sequence[Work], size: int) -> Iterator[Batch]:
    """Cut the work into batches of at most ``size``; the sources take turns, so that no batch holds one source only.

    Work that has been given out is not kept. A caller that keeps no list of it either frees its memory as it is done.
    """
    queues = _by_source(work)
    del work
    for number, chunk in enumerate(chunks(_in_turns(queues), size), start=1):
        yield Batch(number, chunk)


def _by_source(work: Iterable[Work]) -> list[deque[Work]]:
    queues: dict[str, deque[Work]] = defaultdict(deque)
    for piece in work:
        queues[piece.item.source].append(piece)
    return list(queues.values())


def _in_turns(queues: Sequence[deque[Work]]) -> Iterator[Work]:
    """Take one piece of work from each queue in turn, until all queues are empty."""
    while queues := [queue for queue in queues if queue]:
        for queue in queues:
            yield queue.popleft()
