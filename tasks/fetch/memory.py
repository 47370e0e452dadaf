"""The bytes of pages and texts in memory, counted for all micro-batches of a run together."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self


class Memory:
    """Counts bytes, so that nothing more is requested while too many are in memory.

    It is used on the event loop only.

    Attributes
    ----------
    most_bytes
        From this number of bytes on, no further request is sent.
    held
        The bytes that are in memory now.
    kept
        Those of texts, which stay until their micro-batch is stored. Those of pages leave by themselves.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.held = 0
        self.kept = 0
        self._shares: list[MemoryShare] = []
        self._changed = asyncio.Event()

    def add(self, count: int) -> None:
        """Count further bytes; if there are too many now, every micro-batch leaves out what it has not requested."""
        self.held += count
        if self.held >= self.most_bytes:
            self._call_when_full()

    def _call_when_full(self) -> None:
        for share in self._shares:
            if share.when_full is not None:
                share.when_full()

    def remove(self, count: int) -> None:
        """Count bytes that are in memory no more."""
        self.held -= count
        self._changed.set()

    @contextmanager
    def of_a_body(self) -> Iterator[Callable[[int], None]]:
        """Give a function that counts bytes of a body while it is read; they are gone at the end of the block."""
        read = 0

        def count(further: int) -> None:
            nonlocal read
            read += further
            self.held += further
            # Once, because a body comes in many parts.
            if self.held - further < self.most_bytes <= self.held:
                self._call_when_full()

        try:
            yield count
        finally:
            self.remove(read)

    def share(self) -> "MemoryShare":
        """Open the share of a micro-batch; it is younger than all that are open."""
        self._shares.append(share := MemoryShare(self))
        return share

    def close(self, share: "MemoryShare") -> None:
        """Forget a share that holds nothing any more."""
        if share in self._shares:
            self._shares.remove(share)
            self._changed.set()

    async def room_for(self, share: "MemoryShare") -> bool:
        """Wait until half of the memory is free; say that it will not be, if this depends on the share itself.

        The texts of younger micro-batches are stored after those of the oldest one. If they fill the memory, the oldest
        one would wait for ever.
        """
        half = self.most_bytes // 2
        while self.held > half:
            if self.kept > half and share is self._shares[0]:
                return False
            self._changed.clear()
            await self._changed.wait()
        return True


class MemoryShare:
    """What one micro-batch has in memory; a context manager that gives all of it back.

    Attributes
    ----------
    pages, texts
        Bytes of the fetched pages, and of the texts that were extracted from earlier ones.
    when_full
        Is called, if it is set, when no further request may be sent.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._is_open = True
        self.pages = 0
        self.texts = 0
        self.when_full: Callable[[], None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add_page(self, count: int) -> None:
        """Count the bytes of a page that is kept until it has been extracted."""
        if self._is_open:  # a request that was cancelled may end after its batch
            self.pages += count
            self._memory.add(count)

    def add_texts(self, count: int) -> None:
        """Count the bytes of texts, which are kept until the micro-batch is stored."""
        if self._is_open:
            self.texts += count
            self._memory.kept += count
            self._memory.add(count)

    def release_pages(self) -> None:
        """Count the pages as gone."""
        self._memory.remove(self.pages)
        self.pages = 0

    async def room(self) -> bool:
        """Wait for room, as :meth:`Memory.room_for` describes it."""
        return await self._memory.room_for(self)

    def close(self) -> None:
        """Count everything as gone."""
        self._is_open = False
        self.release_pages()
        self._memory.kept -= self.texts
        self._memory.remove(self.texts)
        self.texts = 0
        self._memory.close(self)
