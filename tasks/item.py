"""The types that the first stations pass on: items to take in, last visits, and left-out entries."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from tasks.article import Kind
from tasks.outcome import Outcome
from tasks.text.characters import clean_characters, cleaned, cleaned_name

Resource = Literal["page", "file", "feed", "sitemap", "section", "list"]


@dataclass(frozen=True, slots=True)
class Item:
    """One article to take in, identified by its URL; all other fields are hints from the listing that named it.

    Attributes
    ----------
    url
        Canonical URL. For a local file without one: ``file://`` and its absolute path; for a row in a file, the row's
        id or number is the fragment.
    article_id
        First 32 hex digits of the SHA-256 of ``url``.
    source
        Name of the source that listed it.
    outlet
        Name of the publication, where the source or the listing gives one.
    kind_hint
        First assumption for opinion or news, because some outlets publish opinion only.
    language_hint
        BCP 47 code, where the source or the listing gives one.
    title_hint, authors_hint, published_hint
        The values of the listing; times have a zone and are UTC.
    modified_hint
        Time of the article's last change, by the listing; of a record of an archive, when it was read.
    location
        The place of the bytes if it is not ``url``: ``file://`` with a path, and a fragment for a part of the file
        (``#bytes=0-812`` a line of JSON, ``#row=7`` a row of Parquet, ``#warc=4711`` a record of a WARC; of a table,
        the place and column of a cell: ``#csv=90-812;text=Body``, and ``json=``, ``sheet=`` or ``row=`` in place of
        ``csv=``). Only local sources set it, so a link from the network can never make us open a file.
    row
        The number of the row in its table, as people count rows.
    """

    url: str
    article_id: str
    source: str
    outlet: str | None = None
    kind_hint: Kind = "unknown"
    language_hint: str | None = None
    title_hint: str | None = None
    authors_hint: tuple[str, ...] = ()
    published_hint: datetime | None = None
    modified_hint: datetime | None = None
    location: str | None = None
    row: int | None = None

    def __post_init__(self) -> None:
        # The hints are stored as a listing gives them, before anything is fetched; each must fit into its table.
        object.__setattr__(self, "outlet", cleaned_name(self.outlet))
        for name in ("language_hint", "title_hint"):
            object.__setattr__(self, name, cleaned(getattr(self, name)))
        names = (clean_characters(name) for name in self.authors_hint)
        object.__setattr__(self, "authors_hint", tuple(name for name in names if name))

    @property
    def date_hint(self) -> datetime | None:
        """The date by which entries are chosen and ordered: that of publication, or else of the last change."""
        return self.published_hint or self.modified_hint

    @property
    def title_of_row(self) -> str | None:
        """The title that stands beside a text on the disk, in a column of its own; that of a page is only a hint."""
        return self.title_hint if self.location is not None else None

    @property
    def listed_change(self) -> datetime | None:
        """The time of the last change. On the disk, only archives give a time: that at which they read the page."""
        return self.modified_hint if self.location is None else None


def merged(first: Item, second: Item) -> Item:
    """Make one item of two entries for one URL: the first one, with what only the second one states.

    A text on the disk is used whichever of the two names its place.
    """
    place = first if first.location is not None else second
    return replace(
        first,
        kind_hint=second.kind_hint if first.kind_hint == "unknown" else first.kind_hint,
        title_hint=first.title_hint or second.title_hint,
        authors_hint=first.authors_hint or second.authors_hint,
        published_hint=first.published_hint or second.published_hint,
        modified_hint=max(filter(None, (first.modified_hint, second.modified_hint)), default=None),
        outlet=first.outlet or second.outlet,
        language_hint=first.language_hint or second.language_hint,
        location=place.location,
        row=place.row,
    )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A link, row or file of a source that the source's filters leave out, with the reason.

    It is not an outcome, because the item was never wanted. ``commentariat discover`` shows these entries.
    """

    url: str
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about a source that people should see before anything from it is stored.

    ``is_warning``: something in the source is not read, and the text names the remedy.
    """

    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class WholeFile:
    """A file of rows that was read to its end: what was left out of it before and is not found now is gone."""

    url: str


@dataclass(frozen=True, slots=True)
class Visit:
    """The state of a URL or file at its last reading; a conditional request is made from it.

    ``resource`` is the role of the URL: the page of an article, or a listing that names articles. ``filters_hash`` is
    that of the source for which a listing was read (:attr:`tasks.sources.Source.filters_hash`). ``final_url`` is the
    canonical address to which redirects led, if it is another one than ``url``.
    """

    url: str
    resource: Resource
    fetched_at: datetime
    http_status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    filters_hash: str | None = None
    final_url: str | None = None


@dataclass(frozen=True, slots=True)
class Discovery:
    """The result of discovering one source.

    Attributes
    ----------
    items
        The items to take in, newest first if the listing gives dates.
    left_out
        Entries that the source's filters leave out, each with its reason.
    problems
        Outcomes for listings, rows and files that could not be read or may not be fetched.
    visits
        The state of the listings that were read, for the next conditional visit.
    notes
        Remarks for people before anything is stored: how the columns of a table are understood.
    warnings
        What is not read, and the remedy: one sentence for the files of a folder.
    whole_files
        URLs of the files of rows that were read to their end.
    """

    source: str
    items: tuple[Item, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[Outcome, ...] = ()
    visits: tuple[Visit, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    whole_files: tuple[str, ...] = ()
