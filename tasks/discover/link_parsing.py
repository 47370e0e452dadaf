"""Parsing a page for its links: bytes to links, for worker processes too, which import no more than this."""

from dataclasses import dataclass
from typing import Final

from lxml import etree, html

from commentariat import InputError
from tasks.addresses.urls import canonical_url

MAX_LINKS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: its address and its text."""

    href: str
    text: str | None


def links_of(body: bytes, charset: str | None, url: str) -> tuple[list[Link], str]:
    """Give the links of a page in order, each address once, and the base address for relative links.

    There are at most ``MAX_LINKS`` + 1, so that a caller sees whether the page has more than ``MAX_LINKS``.
    """
    from tasks.extract.charset import decode  # noqa: PLC0415 - the process of a run leaves the detector to workers

    # As articles are decoded: lxml takes UTF-8 for Latin-1 if nothing, or a wrong charset, is declared.
    characters = decode(body, charset).text
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    try:
        tree = html.document_fromstring(characters.encode("utf-8", errors="replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return [], url
    base = url
    if declared := tree.xpath("string(//base/@href)"):
        try:
            base = canonical_url(str(declared), url)
        except InputError:
            base = url
    links: dict[str, Link] = {}
    for anchor in tree.iter("a"):
        href = (anchor.get("href") or "").strip()
        if not href or href.startswith("#"):
            continue
        text = " ".join("".join(str(part) for part in anchor.itertext()).split())[:300] or None
        # A teaser links its picture, its headline and "read more" to one address: the longest text is the headline.
        known = links.get(href)
        if known is None or len(text or "") > len(known.text or ""):
            links[href] = Link(href, text)
        if len(links) > MAX_LINKS:
            break
    return list(links.values()), base
