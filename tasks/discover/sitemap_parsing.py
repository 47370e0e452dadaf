"""Parsing sitemaps: bytes to entries, for worker processes too, which import no more than this."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple

from lxml import etree

from tasks.discover.plain_hints import plain_hint
from tasks.discover.xml_events import (
    free,
    name_of,
    with_numbered_references,
    without_half_references,
    xml_events,
)
from tasks.text.dates import parse_listed_time

MAX_ENTRIES: Final = 50_000  # the limit of sitemaps.org for one file
_FEED_ROOTS: Final = frozenset({"rss", "feed", "RDF"})


# Not a dataclass: fifty thousand may come from a worker at once, and dataclasses take ten times as long.
class SitemapEntry(NamedTuple):
    """One entry: a page, or in an index another sitemap."""

    link: str
    is_sitemap: bool
    modified: datetime | None = None
    published: datetime | None = None
    title: str | None = None
    outlet: str | None = None
    language: str | None = None


class NotASitemapError(ValueError):
    """The content is no sitemap."""


def read_entries(body: bytes) -> list[SitemapEntry] | None:
    """Read a sitemap, up to one entry more than it may have; None for a feed.

    Raises
    ------
    NotASitemapError
        When it is neither a sitemap nor a feed.
    """
    return None if _is_feed(body) else list(islice(parse_sitemap(body), MAX_ENTRIES + 1))


def _is_feed(body: bytes) -> bool:
    try:
        _, root = next(iter(xml_events(body)))
    except (StopIteration, etree.XMLSyntaxError):
        return False
    return name_of(root) in _FEED_ROOTS


def parse_sitemap(body: bytes) -> Iterator[SitemapEntry]:
    """Read a sitemap, a sitemap index, or a plain list of addresses.

    Raises
    ------
    NotASitemapError
        When the content is none of these three.
    """
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield from _parse_list(body)
        return
    root_seen = False
    count = 0
    try:
        for event, element in xml_events(with_numbered_references(without_half_references(body))):
            name = name_of(element)
            if event == "start":
                if not root_seen and name not in ("urlset", "sitemapindex"):
                    raise NotASitemapError(f"is not a sitemap: its root is <{name[:40]}>")
                root_seen = True
            elif name in ("url", "sitemap"):
                if entry := _entry(element, is_sitemap=name == "sitemap"):
                    count += 1
                    yield entry
                free(element)
    except etree.XMLSyntaxError as error:
        if not count:
            raise NotASitemapError(f"is not readable XML: {error.msg}") from error
    if not root_seen:
        raise NotASitemapError("is not readable XML")


def _parse_list(body: bytes) -> Iterator[SitemapEntry]:
    lines = [line.strip() for line in body.decode("utf-8-sig", errors="replace").splitlines()]
    links = [line for line in lines if line.lower().startswith(("http://", "https://"))]
    if not links or len(links) < len([line for line in lines if line]) / 2:
        raise NotASitemapError("is neither XML nor a list of addresses")
    for link in links:
        yield SitemapEntry(link, is_sitemap=False)


def _entry(element: etree._Element, *, is_sitemap: bool) -> SitemapEntry | None:
    fields: dict[str, str] = {}
    for child in element.iter():
        if isinstance(child.tag, str) and child.text and child.text.strip():
            # The first element of a name is used, because image and video extensions repeat <title> and <loc> under
            # their own namespaces.
            space = child.tag.partition("}")[0] if "}" in child.tag else ""
            kind = "news:" if "news" in space else "image:" if "image" in space or "video" in space else ""
            fields.setdefault(kind + name_of(child), child.text.strip())
    if "loc" not in fields:
        return None
    return SitemapEntry(
        link=fields["loc"],
        is_sitemap=is_sitemap,
        modified=parse_listed_time(fields.get("lastmod")),
        published=parse_listed_time(fields.get("news:publication_date")),
        title=plain_hint(fields.get("news:title")),
        outlet=plain_hint(fields.get("news:name")),
        language=fields.get("news:language"),
    )
