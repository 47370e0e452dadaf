"""Address, authors and dates of the entries of an RSS or Atom feed, as the feed itself states them.

fastfeedparser gives the first of several authors, and prefers any element of that name to the usual ``dc:creator``: a
mail address, or the publisher of a podcast. In some feeds it gives the address of the entry itself in place of that of
the article, or none. It makes a date of almost any text: the month is read before the day, and what is missing is taken
from the day of reading. Where no date of publication is stated, it takes that of the last change, or one that it finds
in the id.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import urljoin

from lxml import etree

from tasks.discover.xml_events import children_of, free, name_of, text_of, xml_events

_ENTRY: Final = frozenset({"item", "entry"})
# Names of elements in lower case and without namespace; of several dates, the one that is named first here counts.
_PUBLISHED: Final = ("pubdate", "published", "issued", "date")
_UPDATED: Final = ("lastbuilddate", "updated", "modified")
_ATOM: Final = "http://www.w3.org/2005/Atom"
_MAIL: Final = re.compile(r"^[^\s@]{1,64}@[^\s@]{1,255}$")


class Statements(NamedTuple):
    """What one entry states: the address of its article, its authors, and the texts of its dates."""

    link: str | None
    authors: tuple[str, ...]
    published: str | None
    updated: str | None


def statements_in(body: bytes) -> list[Statements]:
    """Give what the entries of a feed state, in their order; those in a damaged part may be missing."""
    return list(_statements_in(body.lstrip()))


def _statements_in(body: bytes) -> Iterator[Statements]:
    try:
        for event, element in xml_events(body):
            if event == "end" and name_of(element) in _ENTRY:
                yield _of_entry(element)
                free(element)
    except etree.XMLSyntaxError:
        return


def _of_entry(entry: etree._Element) -> Statements:
    dates: dict[str, str] = {}
    creators: list[str] = []
    authors: list[str] = []
    links: list[str] = []
    pages: list[tuple[bool, str]] = []
    of_the_feed = {_namespace_of(entry), "", _ATOM}
    for child in children_of(entry):
        name = name_of(child).lower()
        if name.rpartition(":")[2] == "creator":  # also with a prefix that the feed does not declare
            creators.append(_name_of_author(child))
        elif name in _PUBLISHED + _UPDATED:
            if child.text and child.text.strip():
                dates.setdefault(name, child.text)
        elif _namespace_of(child) not in of_the_feed:
            continue  # the author of another namespace is the publisher of a podcast
        elif name == "author":
            authors.append(_name_of_author(child))
        elif name == "link" and (address := (child.get("href") or "").strip()):
            # Without "rel", a link of Atom is that of the article; one in an item of RSS may be that of the feed.
            rel = child.get("rel") or ("alternate" if name_of(entry) == "entry" else "")
            if rel == "alternate":
                pages.append((child.get("type", "text/html") != "text/html", _in_base(child, address)))
        elif name == "link" and (address := text_of(child).strip()):
            links.append(_in_base(child, address))
    pages.sort(key=lambda page: page[0])  # a page of HTML before the same article as JSON
    return Statements(
        next((address for address in (*(page for _, page in pages), *links)), None),
        _people(creators) or _people(authors),
        _first(dates, _PUBLISHED),
        _first(dates, _UPDATED),
    )


def _in_base(element: etree._Element, address: str) -> str:
    """Give an address by the base that the feed states (``xml:base``), if it states one."""
    try:
        return urljoin(element.base or "", address)
    except ValueError:
        return address


def _namespace_of(element: etree._Element) -> str:
    return element.tag.rpartition("}")[0].removeprefix("{")


def _people(names: list[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name.strip() and not _MAIL.match(name.strip()))


def _name_of_author(author: etree._Element) -> str:
    """Give the name, which in Atom is an element of its own."""
    return text_of(next((child for child in children_of(author) if name_of(child) == "name"), author))


def _first(dates: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((dates[name] for name in names if name in dates), None)
