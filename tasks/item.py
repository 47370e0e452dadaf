"""What the first stations hand on: the thing to take in, what was seen of it, and what was left out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tasks.outcome import Outcome

KindHint = Literal["opinion", "news", "unknown"]
Resource = Literal["page", "file", "feed", "sitemap", "section", "list", "archive"]


@dataclass(frozen=True, slots=True)
class Item:
    """One article to take in, known by its URL; everything else is a hint from the listing that named it.

    Attributes
    ----------
    url
        Canonical URL. For a local file without one: ``file://`` and its absolute path; for a row in a file
        the row's id or number is the fragment.
    article_id
        First 32 hex digits of the SHA-256 of ``url``.
    source
        Name of the source that brought it.
    outlet
        Name of the publication, where the source or the listing gives one.
    kind_hint
        Prior for opinion or news. An outlet may be opinion throughout.
    language_hint
        BCP 47 code, where the source or the listing gives one.
    title_hint, authors_hint, published_hint
        As the listing gives them; times carry a zone and are UTC.
    modified_hint
        When the listing says the article last changed.
    location
        Where the bytes are if not at ``url``: ``file://`` with a path, and a fragment for a part of the file
        (``#bytes=0-812`` a line of JSON, ``#row=7`` a row of Parquet, ``#warc=4711`` a record of a WARC).
        Only local sources set it, so nothing found on the network can make us open a file.
    row
        Which row of a table it is, as people count them.
    """

    url: str
    article_id: str
    source: str
    outlet: str | None = None
    kind_hint: KindHint = "unknown"
    language_hint: str | None = None
    title_hint: str | None = None
    authors_hint: tuple[str, ...] = ()
    published_hint: datetime | None = None
    modified_hint: datetime | None = None
    location: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A link, row or file that a source brought and that its filters leave out, with the reason.

    Not an outcome: the item was never wanted. ``commentariat discover`` shows these.
    """

    url: str
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a source that people should see before anything of it is stored."""

    text: str


@dataclass(frozen=True, slots=True)
class Visit:
    """The state of a URL or file when it was last read; what a conditional request is made of.

    ``resource`` says what the URL is to us: an article's page, or a listing that names articles.
    """

    url: str
    resource: Resource
    fetched_at: datetime
    http_status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """Everything one source brings.

    Attributes
    ----------
    items
        What to take in, newest first where the listing gives dates.
    left_out
        What the source's filters leave out, each with its reason.
    problems
        Outcomes for listings, rows and files that could not be read or may not be fetched.
    visits
        State of the listings that were read, for the next conditional visit.
    unchanged
        True when every listing answered that nothing has changed since the last visit.
    notes
        What people should see before anything is stored: what the columns of a table were taken for.
    """

    source: str
    items: tuple[Item, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[Outcome, ...] = ()
    visits: tuple[Visit, ...] = ()
    unchanged: bool = False
    notes: tuple[str, ...] = ()
