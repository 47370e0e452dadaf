"""The inbox: people's answers, written to disk at once, even while a night holds the writer's lock.

It is a file of JSON lines beside the warehouse's tables. A process that receives an answer writes one line and syncs it
under a short lock of the inbox alone; only then is the answer acknowledged. The holder of the writer's lock moves the
answers into the table ``annotation``: the file gets another name, its lines are committed, and it is removed when they
are published, because readers find them only then. After a kill at any instant the lines still exist, in one file or
the other; committed lines are recognised by their ids.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path
from uuid import uuid4

from commentariat import CommentariatError
from warehouse.annotations.annotation import Annotation
from warehouse.durable import explained, sync_folder

logger = logging.getLogger(__name__)

FOLDER = "inbox"
_GIVEN, _JOINING, _JOINED = "annotations.jsonl", "joining-*.jsonl", "joined-*.jsonl"
_TAIL = 1 << 16
_NO_ANSWER = (ValueError, KeyError, TypeError, RecursionError, CommentariatError)


class Inbox:
    """The inbox of a warehouse; any process that can write there may use it, whoever holds the writer's lock.

    Parameters
    ----------
    root
        The warehouse's folder.
    """

    def __init__(self, root: Path) -> None:
        self.folder = root / FOLDER
        self._given = self.folder / _GIVEN

    def keep(self, annotations: Sequence[Annotation]) -> None:
        """Store answers; when this returns, they are on disk.

        Raises
        ------
        WarehouseError
            The answers cannot be written, for example because the disk is full. Some of several answers may have been
            stored; submitting them again makes no duplicates.
        """
        if not annotations:
            return
        lines = "".join(f"{annotation.as_line()}\n" for annotation in annotations).encode()
        with explained("Keeping answers", self.folder), self._alone():
            is_new = not self._given.exists()
            descriptor = os.open(self._given, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                _cut_torn_line(descriptor)
                _write_all(descriptor, lines)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if is_new:
                sync_folder(self.folder)

    def waiting(self) -> list[Annotation]:
        """List the answers that readers of the warehouse do not find yet; they may find some of them."""
        while True:
            files = self._files()
            read = [_read(file) for file in files]
            if self._files() == files:  # or else one of them has got another name meanwhile
                return [answer for answers in read for answer in answers]

    def waiting_by_id(self) -> dict[str, Annotation]:
        """Give the waiting answers by their ids: a form that was sent twice, or a file imported twice, counts once."""
        return {answer.annotation_id: answer for answer in self.waiting()}

    @property
    def state(self) -> tuple[object, ...]:
        """What changes whenever the answers do."""
        state: list[object] = []
        for file in self._files():
            with suppress(FileNotFoundError):
                status = file.stat()
                state.append((file.name, status.st_ino, status.st_size, status.st_mtime_ns))
        return tuple(state)

    @property
    def is_empty(self) -> bool:
        """Whether no answers wait to be committed; the check costs almost nothing."""
        return all(file.match(_JOINED) for file in self._files())

    def take(self) -> list[Path]:
        """Set the waiting answers aside, for the holder of the writer's lock; return all files that are set aside.

        Later answers go to a new file. :func:`read_taken` reads the files; the caller hands them to :meth:`are_joined`
        after their answers are committed.
        """
        with explained("Looking for answers", self.folder), self._alone():
            if self._given.exists():
                self._given.rename(self.folder / _JOINING.replace("*", uuid4().hex))
                sync_folder(self.folder)
            return sorted(self.folder.glob(_JOINING))

    def are_joined(self, files: Sequence[Path]) -> None:
        """Note that the answers of these files are committed; they stay until they are published."""
        for file in files:
            file.rename(self.folder / _JOINED.replace("*", uuid4().hex))

    def joined(self) -> list[Path]:
        """List the files whose answers are committed; the publisher removes them when readers find the answers."""
        return [file for file in self._files() if file.match(_JOINED)]

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("*.jsonl")) if self.folder.is_dir() else []

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock of the inbox during the block; the kernel releases it if the process dies."""
        self.folder.mkdir(exist_ok=True)
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def read_taken(files: Sequence[Path]) -> list[Annotation]:
    """Read files that were set aside: every answer once, in the order in which they were given.

    A line that is no answer is left out with a warning. Only an earlier version, or another program, can have written
    one: this version checks an answer before it writes it.
    """
    read: dict[str, Annotation] = {}
    for file in files:
        for number, line in enumerate(_lines(file), start=1):
            try:
                annotation = Annotation.of_line(line)
            except _NO_ANSWER as error:
                if line.endswith("\n"):
                    logger.warning("line %d of %s is no answer and is left out: %s", number, file, error)
            else:
                read[annotation.annotation_id] = annotation
    return sorted(read.values(), key=lambda answer: (answer.answered_at, answer.annotation_id))


def _read(file: Path) -> list[Annotation]:
    read: list[Annotation] = []
    for line in _lines(file):
        with suppress(*_NO_ANSWER):
            read.append(Annotation.of_line(line))
    return read


def _lines(file: Path) -> list[str]:
    """Read the lines of a file, with their ends; the answer of a line without an end was never acknowledged.

    Only a line feed ends a line. Answers may contain other characters at which ``str.splitlines`` would divide a line.
    """
    try:
        return list(StringIO(file.read_bytes().decode(errors="replace"), newline="\n"))
    except FileNotFoundError:  # it has got another name, or its answers were published
        return []


def _cut_torn_line(descriptor: int) -> None:
    """Remove an unfinished last line, whose writer was killed, so that the next line starts on its own."""
    size = os.fstat(descriptor).st_size
    start, tail = size, b""
    while start and b"\n" not in tail:
        step = min(start, _TAIL)
        start -= step
        tail = os.pread(descriptor, step, start) + tail
    whole = start + tail.rfind(b"\n") + 1
    if whole < size:
        os.ftruncate(descriptor, whole)


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]
