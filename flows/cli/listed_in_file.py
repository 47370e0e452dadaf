"""Files and folders that a takedown names: their own address, and the addresses that they list."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from commentariat import InputError
from tasks.addresses.urls import file_url
from tasks.discover.discover import discover
from tasks.fetch.fetcher import Fetcher
from tasks.fetch.settings import FetchSettings
from tasks.home import with_home_if_known
from tasks.item import Discovery
from tasks.sources import Source, source_from_input

_READ_FROM_DISK = ("files", "table", "warc", "urls")


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file or folder that is named.

    Attributes
    ----------
    place
        Its own address, with which the addresses of all begin that have no other one.
    listed
        The addresses that it lists: pages, rows with an address, records of an archive.
    unread
        The reason if a part of it could not be read.
    """

    place: str
    listed: tuple[str, ...]
    unread: str | None


def named_files(inputs: Sequence[str], settings: FetchSettings) -> dict[str, NamedFile]:
    """Read the files and folders among the inputs; what they list is not fetched.

    Raises
    ------
    InputError
        When a path begins with the home folder of nobody.
    """
    try:
        paths = {text: with_home_if_known(Path(text)) for text in inputs if "://" not in text}
    except ValueError as error:
        raise InputError(str(error)) from error
    return {text: NamedFile(file_url(path), *_listed(text, path, settings)) for text, path in paths.items()}


def _listed(text: str, path: Path, settings: FetchSettings) -> tuple[tuple[str, ...], str | None]:
    try:
        if not path.exists():
            return (), "it is not there"
        source = source_from_input(text)
    except (InputError, OSError) as error:
        return (), str(error)
    if source.type not in _READ_FROM_DISK:  # a feed or a sitemap may lead to requests to its site
        return (), None
    discovery = asyncio.run(_discover(source, settings))
    unread = next((problem.reason for problem in discovery.problems if _is_of_a_file(problem.url)), None)
    return tuple(item.url for item in discovery.items), unread


def _is_of_a_file(url: str) -> bool:
    """Say whether a problem is one of a whole file; a row or a line with a problem was never taken in."""
    return url.startswith("file:") and "#" not in url


async def _discover(source: Source, settings: FetchSettings) -> Discovery:
    async with Fetcher(settings) as fetcher:
        return await discover(source, fetcher)
