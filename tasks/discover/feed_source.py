"""Sources of type ``feed``: the address leads to a feed, or to a sitemap if a site has one under a feed's address."""

import re
from typing import Final

from tasks.discover.feed_parsing import START
from tasks.discover.feeds import read_feed
from tasks.discover.listing import Findings, Visitor
from tasks.discover.sitemaps import read_sitemap
from tasks.item import Visit
from tasks.page import NotFetchedError

_SITEMAP: Final = re.compile(rb"<(?:\w{1,20}:)?(urlset|sitemapindex)[\s>]")


async def discover_feed(visitor: Visitor, location: str) -> Findings:
    """Give the items of a feed; if the address leads to a sitemap, it is read as a sitemap."""
    listing = visitor.at(location)
    try:
        page = await visitor.visit(listing, "feed")
        if isinstance(page, Visit):
            return
        body = await visitor.unpacked(page)
    except NotFetchedError as error:
        yield error.as_outcome(listing, station="discover")
        return
    read = read_sitemap if _SITEMAP.search(body[:START]) else read_feed
    findings = read(visitor, page, body)
    del page, body  # otherwise a sitemap stays in memory together with the sitemaps that it names
    async for finding in findings:
        yield finding
