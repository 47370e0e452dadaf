"""Parsing RSS, Atom and JSON feeds: bytes to entries, for worker processes too, which import no more than this."""

import re
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tasks.discover.feed_statements import Statements, statements_in
from tasks.discover.json_feed import read_json_feed
from tasks.discover.plain_hints import plain_hint
from tasks.discover.xml_events import with_numbered_references, without_half_references
from tasks.text.characters import json_without_halves
from tasks.text.dates import parse_listed_time

MAX_ENTRIES: Final = 5_000
# No pattern continues after the next "<". Each reads every byte once, whatever the content is.
_LANGUAGE: Final = re.compile(
    rb"""(?:<language>|<feed\b[^<>]{0,500}\bxml:lang=["']|"language"\s*:\s*")\s*"""
    rb"""([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3})\s*[<"']"""
)
START: Final = 8_192
"""Bytes at the beginning in which the language, or a sign of HTML or of a sitemap, is searched for."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed, with its own data; every field except the position may be missing."""

    link: str | None
    title: str | None
    authors: tuple[str, ...]
    published: datetime | None
    modified: datetime | None


class NotAFeedError(ValueError):
    """The content is not a feed that one of the parsers can read."""


def parse_feed(body: bytes) -> tuple[list[FeedEntry], str | None]:
    """Read a feed: its entries in order, up to one more than are taken, and the language that it declares.

    fastfeedparser reads nearly all RSS and Atom feeds. feedparser, which is slower and more tolerant, reads the others.
    Half of a surrogate pair, of which both would refuse the feed, becomes U+FFFD in the entry that has it.

    Raises
    ------
    NotAFeedError
        When no parser finds a feed.
    """
    if not body.strip():
        raise NotAFeedError("the feed is empty")
    body = _repaired(body)
    entries = read_json_feed(body) if _is_json(body) else _parse(body)
    if entries is None:
        raise NotAFeedError("is not an RSS, Atom or JSON feed")
    return [_entry(entry) for entry in entries[: MAX_ENTRIES + 1]], _language(body)


def _is_json(body: bytes) -> bool:
    return body.removeprefix(BOM_UTF8).lstrip().startswith(b"{")


def _repaired(body: bytes) -> bytes:
    """Replace what is no character by U+FFFD, as browsers do, and repair the references to characters in XML."""
    body = without_half_references(body)
    if not _is_json(body):
        return with_numbered_references(body)
    return json_without_halves(body.decode("utf-8-sig", errors="replace")).encode()


def _parse(body: bytes) -> Sequence[Mapping[str, Any]] | None:
    quickly = _parse_quickly(body)
    tolerantly = None if quickly else _parse_tolerantly(body)
    return quickly if tolerantly is None else tolerantly


def _parse_quickly(body: bytes) -> Sequence[Mapping[str, Any]] | None:
    """Parse with fastfeedparser; None if it finds no feed, or other entries than those whose statements are known."""
    # Neither parser ships types.
    import fastfeedparser  # type: ignore[import-untyped]  # noqa: PLC0415 - the process of a run leaves it to workers

    # If they are given a string, both libraries would open addresses and paths; bytes are always read as content.
    try:
        feed: Mapping[str, Any] = fastfeedparser.parse(
            body, include_content=False, include_tags=False, include_media=False, include_enclosures=False
        )
    except Exception:
        return None
    entries, stated = feed.get("entries") or [], statements_in(body)
    if len(entries) != len(stated):
        return None
    return [_as_stated(entry, statements) for entry, statements in zip(entries, stated, strict=True)]


def _as_stated(entry: Mapping[str, Any], stated: Statements) -> Mapping[str, Any]:
    return {
        **entry,
        "link": stated.link or entry.get("link"),
        "author": None,
        "authors": [{"name": name} for name in stated.authors],
        "published": stated.published,
        "updated": stated.updated,
    }


def _parse_tolerantly(body: bytes) -> Sequence[Mapping[str, Any]] | None:
    import feedparser  # type: ignore[import-untyped]  # noqa: PLC0415 - slow to import, and few feeds need it

    try:
        feed: Mapping[str, Any] = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    except Exception:
        return None
    entries: Sequence[Mapping[str, Any]] = feed.get("entries") or []
    return entries if entries or feed.get("version") else None


def _entry(entry: Mapping[str, Any]) -> FeedEntry:
    return FeedEntry(
        link=_string(entry.get("link")) or _permalink(entry.get("id")),
        title=plain_hint(_string(entry.get("title"))),
        authors=_authors(entry),
        published=parse_listed_time(_string(entry.get("published"))),
        # feedparser answers get("updated") with the time of publication and a warning; this form avoids both.
        modified=parse_listed_time(_string(entry["updated"])) if "updated" in entry else None,
    )


def _authors(entry: Mapping[str, Any]) -> tuple[str, ...]:
    whole = _string(entry.get("author"))
    listed = [author for author in entry.get("authors") or () if isinstance(author, Mapping)]
    names = [author.get("name") for author in listed if not _is_cut(_string(author.get("email")), whole)]
    plain = [plain_hint(_string(name)) for name in [*names, whole]]
    return tuple(dict.fromkeys(name for name in plain if name))


def _is_cut(mail: str | None, author: str | None) -> bool:
    """Say whether feedparser has cut a mail address in an author's text: the name that it gives begins with the rest.

    It knows endings of up to four letters: of ``jo@ledger.media (Jo Lee)`` it makes the name ``a (Jo Lee``.
    """
    return bool(mail and author and author.partition(mail)[2][:1].isalpha())


def _string(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _permalink(value: object) -> str | None:
    text = _string(value)
    return text if text and text.startswith(("http://", "https://")) else None


def _language(body: bytes) -> str | None:
    """Find the language that a feed declares (RSS, Atom, JSON Feed); the parsers give it for some feeds only."""
    declared = _LANGUAGE.search(body[:START])
    return declared[1].decode("ascii").replace("_", "-") if declared else None
