"""RSS, Atom and JSON feeds."""

import re
from typing import Final

from tasks.discover.feed_parsing import MAX_ENTRIES, START, NotAFeedError, parse_feed
from tasks.discover.listing import Findings, Visitor
from tasks.off_event_loop import WorkLostError
from tasks.page import Page

# No pattern continues after the next "<". Each reads every byte once, whatever the content is.
_FEED_LINK: Final = re.compile(
    rb"<link\b[^<>]{0,500}application/(?:rss|atom|feed)\+(?:xml|json)[^<>]{0,500}>", re.IGNORECASE
)
_HREF: Final = re.compile(rb"""href\s*=\s*["']?([^"'\s>]{1,500})""", re.IGNORECASE)
_HEAD: Final = 65_536
_ROOT: Final = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?>\s+|<\?[^>]*>|<!--.*?-->|<!(?!--)[^>]*>)*+<(?:\w{1,20}:)?(?:rss|feed|rdf)[\s>]",
    re.IGNORECASE | re.DOTALL,
)


def is_feed(body: bytes) -> bool:
    """Say whether the root element of a document is that of an RSS or Atom feed."""
    return _ROOT.match(body[:START]) is not None


async def read_feed(visitor: Visitor, page: Page, body: bytes) -> Findings:
    """Give the items in the body of a feed."""
    try:
        entries, language = await visitor.parsed(parse_feed, body)
    except NotAFeedError as error:
        yield visitor.unusable(page.item.url, f"{error}{_feed_named_by(body)}")
        return
    except WorkLostError as error:
        yield visitor.unusable(page.item.url, f"the feed could not be read: {error}")
        return
    yield page.visit("feed")
    if len(entries) > MAX_ENTRIES:
        del entries[MAX_ENTRIES:]
        beyond = f"has more than {MAX_ENTRIES:,} entries, as no feed has; the rest is not read"
        yield visitor.left_out(page.item.url, beyond)
    for number, entry in enumerate(entries, start=1):
        if entry.link is None:
            yield visitor.left_out(page.item.url, f"entry {number} of the feed has no link")
            continue
        yield visitor.found(
            entry.link,
            page.final_url,
            title=entry.title,
            authors=entry.authors,
            published=entry.published,
            modified=entry.modified,
            language=language,
        )


def _feed_named_by(body: bytes) -> str:
    """Name the feed to which an HTML page refers, if the page was found where a feed was expected."""
    if (link := _FEED_LINK.search(body[:_HEAD])) and (href := _HREF.search(link[0])):
        return f"; it is a page that names the feed {href[1].decode('utf-8', 'replace')}"
    return "; it is a page of HTML" if b"<html" in body[:START].lower() else ""
