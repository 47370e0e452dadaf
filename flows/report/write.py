"""Writes the file of a report, in the warehouse's folder or at another place."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from commentariat import InputError, WarehouseError
from flows.report.contents import read_contents
from flows.report.page import as_html
from warehouse import connect
from warehouse.durable import explained
from warehouse.engine import MEMORY_LIMIT
from warehouse.log.commit_log import last_takedown_of
from warehouse.publishing.generations import REPORT
from warehouse.querying.after_takedowns import pinned_after_takedowns
from warehouse.querying.scope import Scope

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Written:
    """A report that was written: its path, its size, and the time that writing took."""

    path: Path
    bytes: int
    seconds: float


def write_report(root: Path, path: Path | None = None, scope: Scope = Scope()) -> Written:  # noqa: B008 - frozen
    """Write the report on the newest snapshot of the warehouse at ``root``; needs no lock.

    The file appears at one instant, so that people who open or load it always see a whole file. If something is taken
    down meanwhile, the report is made again.

    Parameters
    ----------
    path
        The file to write; None for ``report.html`` in the warehouse's folder, which a takedown removes.
    scope
        The part of the warehouse that the report is about.

    Raises
    ------
    InputError
        When the scope names a target or outlet that is not stored, or the path is a folder, a pipe or a device, or in a
        folder that does not exist.
    WarehouseError
        When nothing has been published, the file cannot be written, a takedown has not been published, or something was
        taken down in every attempt.
    """
    began = perf_counter()
    place = path or root / REPORT
    with connect(root, memory_limit=MEMORY_LIMIT) as reader, explained("Writing the report", place):
        if not place.name or place.is_dir():  # "." and "/" have no name
            raise InputError(f"{place}: is a folder; name a file, such as {place / REPORT}")
        if path is not None:
            place = _file_behind(path)
        aside = place.with_name(f".{place.name}.{os.getpid()}")
        for attempt in range(1, _TRIES + 1):
            try:
                with pinned_after_takedowns(reader):
                    contents = read_contents(reader, scope)
            except InputError:
                if attempt == _TRIES or not reader.refresh():
                    raise
                continue  # texts were taken down under the old snapshot
            try:
                aside.write_text(as_html(contents), encoding="utf-8")
                if _put(aside, place, root, as_of=contents.stored["commit"]):
                    return Written(path or place, place.stat().st_size, perf_counter() - began)
            finally:
                aside.unlink(missing_ok=True)
    raise WarehouseError(
        f"something was taken down while the report was made, {_TRIES} times: try again when that is over"
    )


def _file_behind(path: Path) -> Path:
    """Give the file that is replaced: that to which a link leads, so that the link stays."""
    if path.exists() and not path.is_file():
        raise InputError(f"{path}: is a pipe or a device, and a report replaces its file: name a file")
    place = Path(os.path.realpath(path))
    if not place.parent.is_dir():
        raise InputError(f"{path}: cannot be written: there is no folder {place.parent}")
    return place


def _put(aside: Path, place: Path, root: Path, *, as_of: int) -> bool:
    """Give the finished file its name and return True, unless something was taken down after commit ``as_of``."""
    if last_takedown_of(root) > as_of:
        return False
    with suppress(FileNotFoundError):  # a takedown removes it, finished or not
        aside.replace(place)
    if last_takedown_of(root) > as_of:
        place.unlink(missing_ok=True)
        return False
    return True
