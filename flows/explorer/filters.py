"""Filters: read from an address which articles its page is about, and write the address of another filter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from commentariat import InputError
from models.interface import ALL_STANCES

SORTS = {
    "newest": "newest first",
    "oldest": "oldest first",
    "surest": "surest answer first",
    "check": "to be checked first: unsure, then least certain",
    "match": "best match of the words first",
}
"""Orders of the list: their names in the address and on the page."""

_SEVERAL = {
    "target": "targets",
    "stance": "stances",
    "outlet": "outlets",
    "author": "authors",
    "topic": "topics",
}
_LONGEST, _MOST, _LAST_PAGE = 300, 40, 100_000
_LONGEST_STORED = (
    4_000  # a character takes up to twelve in an address, and the server reads 64 kB of a request
)
# Well inside the calendar, because the day after the last one must be in it too.
_FIRST_DAY, _LAST_DAY = date(1000, 1, 1), date(9000, 1, 1)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL_BUT_SPACE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Filter:
    """The articles that are selected; without values, all articles.

    An article must match one of the values of each field, and all fields.

    Attributes
    ----------
    targets, stances
        Articles that speak about one of these targets, and that state one of these stances on it.
    outlets, topics
        Names of outlets, labels of main topics.
    authors
        Parts of authors' names, in upper or lower case, or whole names as :func:`exactly` writes them.
    since, until
        Days of publication, both included. If one of them is set, articles without a date are left out.
    words
        Words in the form that ``search`` takes in SQL.
    """

    targets: tuple[str, ...] = ()
    stances: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    words: str = ""
    sort: str = ""
    page: int = 1

    @classmethod
    def of_address(cls, items: Iterable[tuple[str, str]]) -> Self:
        """Read the part of an address after the question mark; unknown names are ignored.

        Raises
        ------
        InputError
            When a value cannot be used.
        """
        given: dict[str, list[str]] = {}
        for name, value in items:
            plain = _plain(name, value)
            if plain and plain not in given.setdefault(name, []):
                given[name].append(plain)
        several = {field: tuple(given.get(name, ())) for name, field in _SEVERAL.items()}
        if too_many := next((name for name in _SEVERAL if len(given.get(name, ())) > _MOST), None):
            raise InputError(f"more than {_MOST} values for {too_many}: leave some out")
        single = {name: values[-1] for name, values in given.items()}
        for name, allowed in (("stance", ALL_STANCES), ("sort", SORTS)):
            for value in given.get(name, ()):
                if value not in allowed:
                    raise InputError(f"there is no {name} {value!r}; there are {', '.join(allowed)}")
        since, until = _day(single, "since"), _day(single, "until")
        if since and until and until < since:
            raise InputError(f"from {since} to {until} there is no day: exchange the two")
        words, sort = single.get("words", ""), single.get("sort", "")
        return cls(**several, since=since, until=until, words=words, sort=sort, page=_page(single))

    @property
    def is_whole(self) -> bool:
        """Whether every article is selected."""
        return replace(self, sort="", page=1) == type(self)()

    @property
    def narrows_articles(self) -> bool:
        """Whether articles are left out whatever their answers are; if not, the answers of all articles are used."""
        named = (self.outlets, self.authors, self.topics, self.since, self.until, self.words)
        return any(named)

    @property
    def narrows_answers(self) -> bool:
        """Whether only articles with particular answers are selected."""
        return bool(self.targets or self.stances)

    @property
    def target(self) -> str | None:
        """The target, if exactly one is selected."""
        return self.targets[0] if len(self.targets) == 1 else None

    @property
    def order(self) -> str:
        """The order of the list: the requested one, or else the best match of words, or else the newest first."""
        usual = "match" if self.words else "newest"
        return usual if self.sort in ("", "match") else self.sort

    @property
    def before(self) -> date | None:
        """The day after the last one."""
        return self.until + timedelta(days=1) if self.until else None

    def items(self, **changes: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - any field
        """List the names and values of the address of this view, or of one that differs in some fields."""
        wanted = replace(self, **changes)
        named = {field: name for name, field in _SEVERAL.items()}
        listed: list[tuple[str, str]] = []
        for field in fields(wanted):
            value = getattr(wanted, field.name)
            if value in ((), None, "") or (field.name == "page" and value == 1):
                continue
            several = value if isinstance(value, tuple) else (value,)
            listed += [(named.get(field.name, field.name), str(part)) for part in several]
        return listed

    def address(self, path: str = "/", /, **changes: Any) -> str:  # noqa: ANN401 - any field
        """Write the address of this view, or of one that differs in some fields."""
        listed = self.items(**changes)
        return f"{path}?{urlencode(listed)}" if listed else path

    def within(self, first: date, last: date) -> str:
        """Write the address of the chosen articles of some days, at its first page; never of days not chosen."""
        since, until = max(first, self.since or first), min(last, self.until or last)
        return self.address(page=1, since=since, until=until)

    def only(self, field: str, value: str) -> str:
        """Write the address of the view with this value alone in a field, at its first page."""
        return self.address(page=1, **{field: (value,)})

    def without(self, field: str, value: str = "") -> str:
        """Write the address of the view without a value, at its first page."""
        held = getattr(self, field)
        rest: object = getattr(type(self)(), field)
        if isinstance(held, tuple):
            rest = tuple(other for other in held if other != value)
        return self.address(page=1, **{field: rest})


def exactly(author: str) -> str:
    """Write the value of the filter for the articles of one author, because a name may be a part of other names."""
    return f"={author}"


def _plain(name: str, value: str) -> str:
    """Take the name of a link as it is stored, with the spaces around and line ends in it; strip what people type.

    A form sends each line end as a carriage return and a line feed; no stored name has carriage returns.
    """
    is_stored = name in ("target", "outlet", "topic") or (name == "author" and value.startswith(exactly("")))
    plain = value.replace("\r\n", "\n") if is_stored else value.strip()
    longest, control = (_LONGEST_STORED, _CONTROL_BUT_SPACE) if is_stored else (_LONGEST, _CONTROL)
    if len(plain) > longest or control.search(plain):
        raise InputError(
            f"the value of {name[:40]!r} has more than {longest} characters, or a control character"
        )
    return plain


def _day(given: Mapping[str, str], name: str) -> date | None:
    value = given.get(name)
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise InputError(f"{name} is {value!r}; write a day as 2026-11-30") from None
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise InputError(
            f"{name} is {value!r}; write a day from {_FIRST_DAY} to {_LAST_DAY}, or leave {name} out to set no limit"
        )
    return day


def _page(given: Mapping[str, str]) -> int:
    value = given.get("page", "1")
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= _LAST_PAGE:
        raise InputError(f"there is no page {value!r}: pages are counted from 1")
    return int(value)
