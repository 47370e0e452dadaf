"""Authors and dates of the entries of an RSS or Atom feed, as the feed itself states them.

fastfeedparser gives only the first of several authors. It makes a date of almost any text: the month is read before the
day, and what is missing is taken from the day of reading. Where no date of publication is stated, it takes that of the
last change, or one that it finds in the id.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from lxml import etree

from tasks.discover.xml_events import children_of, free, name_of, xml_events

_ENTRY: Final = frozenset({"item", "entry"})
# Names of elements in lower case and without namespace; of several dates, the one that is named first here counts.
_PUBLISHED: Final = ("pubdate", "published", "issued", "date")
_UPDATED: Final = ("lastbuilddate", "updated", "modified")
_AUTHOR: Final = ("author", "creator")


class Statements(NamedTuple):
    """What one entry states: its authors if there are several, and the texts of its dates."""

    several_authors: tuple[str, ...]
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
    # By the name with its namespace: that of another namespace is no second author, but the publisher of a podcast.
    authors: dict[str, list[str]] = defaultdict(list)
    for child in children_of(entry):
        name = name_of(child).lower()
        if name in _AUTHOR:
            authors[child.tag].append(_name_of_author(child))
        elif name in _PUBLISHED + _UPDATED and child.text and child.text.strip():
            dates.setdefault(name, child.text)
    several = next((names for names in authors.values() if len(names) > 1), [])
    return Statements(tuple(several), _first(dates, _PUBLISHED), _first(dates, _UPDATED))


def _name_of_author(author: etree._Element) -> str:
    """Give the name, which in Atom is an element of its own."""
    named = next((child for child in children_of(author) if name_of(child) == "name"), author)
    return named.text or ""


def _first(dates: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((dates[name] for name in names if name in dates), None)
