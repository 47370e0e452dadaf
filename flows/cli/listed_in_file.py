"""Files and folders that a takedown names: their own address, and the addresses that they list."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from commentariat import InputError
from tasks.addresses.urls import file_path, file_url
from tasks.discover.discover import discover
from tasks.fetch.fetcher import Fetcher
from tasks.fetch.settings import FetchSettings
from tasks.home import with_home_if_known
from tasks.item import Discovery
from tasks.named_inputs import source_from_input
from tasks.sources import Source

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


def files_of_inputs(
    inputs: Sequence[str], configured: Sequence[Source], settings: FetchSettings
) -> dict[str, NamedFile]:
    """Read the files and folders among the inputs; what they list is not fetched.

    Parameters
    ----------
    configured
        The sources of the configuration: a file of one of them is read as this source says, too, also in a folder.

    Raises
    ------
    InputError
        When a path begins with the home folder of nobody.
    """
    try:
        paths = {text: with_home_if_known(Path(text)) for text in inputs if "://" not in text}
    except ValueError as error:
        raise InputError(str(error)) from error
    return {
        text: NamedFile(file_url(path), *_listed(text, path, configured, settings))
        for text, path in paths.items()
    }


def _listed(
    text: str, path: Path, configured: Sequence[Source], settings: FetchSettings
) -> tuple[tuple[str, ...], str | None]:
    try:
        if not path.exists():
            return (), "it is not there"
        as_input = source_from_input(text)
    except (InputError, OSError) as error:
        return (), str(error)
    as_configured = tuple(_as_configured(path, configured))
    # A feed or a sitemap may lead to requests to its site.
    sources = [source for source in (as_input, *as_configured) if source.type in _READ_FROM_DISK]
    discoveries = [asyncio.run(_discover(source, settings)) for source in sources]
    listed = {item.url: None for discovery in discoveries for item in discovery.items}
    read_as_configured = {os.path.realpath(place) for source in as_configured for place in source.locations}
    unread = [
        problem.reason
        for source, discovery in zip(sources, discoveries, strict=True)
        for problem in discovery.problems
        if _is_of_a_file(problem.url)
        and not (source is as_input and os.path.realpath(file_path(problem.url)[0]) in read_as_configured)
    ]
    return tuple(listed), next(iter(unread), None)


def _as_configured(path: Path, configured: Sequence[Source]) -> Iterator[Source]:
    """Give the configured sources that read this file, or one in this folder, without filters that leave out a part.

    A source may say in which columns of a table the fields are, and how its dates are written. Without this, a row has
    another address, or none.
    """
    named = os.path.realpath(path)
    for source in configured:
        if source.type not in _READ_FROM_DISK:
            continue
        for location in source.locations:
            if "://" not in location and Path(os.path.realpath(location)).is_relative_to(named):
                yield Source(
                    name=source.name,
                    type=source.type,
                    locations=(location,),
                    columns=source.columns,
                    dates=source.dates,
                )


def _is_of_a_file(url: str) -> bool:
    """Say whether a problem is one of a whole file; a row or a line with a problem was never taken in."""
    return url.startswith("file:") and "#" not in url


async def _discover(source: Source, settings: FetchSettings) -> Discovery:
    async with Fetcher(settings) as fetcher:
        return await discover(source, fetcher)
