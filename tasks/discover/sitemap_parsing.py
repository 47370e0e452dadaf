"""Parsing sitemaps: bytes to entries, for worker processes too, which import no more than this."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from itertools import islice
from typing import Final, NamedTuple

from lxml import etree

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
        _, root = next(iter(_events(body)))
    except (StopIteration, etree.XMLSyntaxError):
        return False
    return _name(root) in _FEED_ROOTS


def _name(element: etree._Element) -> str:
    """Give the name without its namespace; lxml's own QName raises errors for names in damaged files."""
    return element.tag.rpartition("}")[2]


def _events(body: bytes) -> Iterator[tuple[str, etree._Element]]:
    # Entities are not resolved and no DTD is loaded, so a sitemap can neither grow in memory nor read our files.
    events: Iterator[tuple[str, etree._Element]] = etree.iterparse(
        BytesIO(body),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    return events


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
        for event, element in _events(body):
            name = _name(element)
            if event == "start":
                if not root_seen and name not in ("urlset", "sitemapindex"):
                    raise NotASitemapError(f"is not a sitemap: its root is <{name[:40]}>")
                root_seen = True
            elif name in ("url", "sitemap"):
                if entry := _entry(element, is_sitemap=name == "sitemap"):
                    count += 1
                    yield entry
                element.clear()
                while element.getprevious() is not None and (parent := element.getparent()) is not None:
                    del parent[0]
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
            fields.setdefault(kind + _name(child), child.text.strip())
    if "loc" not in fields:
        return None
    return SitemapEntry(
        link=fields["loc"],
        is_sitemap=is_sitemap,
        modified=parse_listed_time(fields.get("lastmod")),
        published=parse_listed_time(fields.get("news:publication_date")),
        title=fields.get("news:title"),
        outlet=fields.get("news:name"),
        language=fields.get("news:language"),
    )
