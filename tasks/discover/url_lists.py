"""Sources of type ``urls``: the page at an address, or the pages in a list of addresses."""

import asyncio
from urllib.parse import urlsplit

from tasks.addresses.address_lists import is_address, lines_of, without_remark
from tasks.discover.listing import Findings, Visitor
from tasks.page import NotFetchedError


async def discover_urls(visitor: Visitor, location: str) -> Findings:
    """Give the page at an address, or the pages in a text file with one address on each line; ``#`` starts a comment.

    A text file on the web is a list if most of its lines are addresses. Otherwise it is itself a page. A list is read
    completely every night, as files are, so that nothing is stored about its visits.
    """
    listing = visitor.at(location)
    if listing.location is None and not urlsplit(listing.url).path.endswith(".txt"):
        yield visitor.found(location, location)
        return
    try:
        page = await visitor.read(listing, "list")
    except NotFetchedError as error:
        yield error.as_outcome(listing, station="discover")
        return
    links, addresses = await asyncio.to_thread(_listed, page.body or b"")
    if listing.location is None and addresses <= len(links) / 2:
        yield visitor.found(location, location)
        return
    for link in links:
        yield visitor.found(link, listing.url)


def _listed(body: bytes) -> tuple[list[str], int]:
    """Give the lines of a list, and the number of them that are addresses."""
    links = [without_remark(line) for line in lines_of(body)]
    return links, sum(map(is_address, links))
