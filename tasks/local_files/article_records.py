"""Articles as records of JSON lines or Parquet, whatever their columns are called."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from tasks.addresses.written import begins_as_address
from tasks.local_files.lists_in_cells import value_in_cell
from tasks.sources import ColumnField
from tasks.text.dates import in_utc, parse_listed_time, parse_time, plausible_if_listed, stands_for_no_date

FIELDS: Final[Mapping[ColumnField, tuple[str, ...]]] = {
    "text": ("text", "body", "content", "fulltext", "full_text", "article_text", "body_text", "article", "maintext"),
    "html": ("html", "raw_html"),
    "title": ("title", "headline", "head_line", "hed", "hl", "hd"),
    "authors": ("authors", "author", "byline", "by_line", "writer", "journalist", "by"),
    "published_at": (
        "published_at", "published", "date_published", "publication_date", "pub_date", "pubdate", "published_date",
        "publish_date", "date_publish", "published_on", "date_of_publication", "publishedat", "publisheddate",
        "publishdate", "datepublished", "date", "datetime", "pd",
    ),
    "outlet": (
        "outlet", "publication", "publisher", "newspaper", "journal", "site_name", "source_name", "medium", "source",
        "sn",
    ),
    "url": ("url", "link", "canonical_url", "web_url", "permalink"),
    "id": ("id", "article_id", "doc_id", "document_id", "uuid", "accession_number", "an"),
    "language": ("language", "lang", "la"),
}  # fmt: skip
"""The fields that a column can hold, and the column names that are searched for, in order; see :func:`column_key`."""

# The names of people who are written as objects: {"name": "Jane Doe", "url": "..."}, by the keys as in column_key.
# An object without a name of its own may hold the people: {"authors": [{"name": "Jane Doe"}]}.
_NAME_KEYS = (
    "name",
    "full_name",
    "fullname",
    "display_name",
    "displayname",
    *FIELDS["authors"],
    "person",
    "user",
)
#: A list in an object in a list has so many levels; deeper ones, as only an attack has, name nobody.
_MOST_LEVELS = 8
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


def column_key(name: str) -> str:
    """Give the form of a column's name in which it is compared: "Publication Date" is ``publication_date``."""
    return _NOT_IN_NAMES.sub("_", name.lower()).strip("_")


@dataclass(frozen=True, slots=True)
class Record:
    """One article of a table; every field may be missing, but not all three of ``url``, ``text`` and ``html``.

    ``unread_date`` is a date that is written in no known form, ``impossible_date`` one in a known form that no article
    can have. At most one of the two is there, and only if ``published`` is not.
    """

    id: str | None
    url: str | None
    title: str | None
    text: str | None
    html: str | None
    authors: tuple[str, ...]
    published: datetime | None
    language: str | None
    outlet: str | None
    unread_date: str | None = None
    impossible_date: str | None = None

    @classmethod
    def of(cls, record: Mapping[str, object]) -> "Record":
        """Take the fields from a record whose columns have any of the usual names (see :data:`FIELDS`).

        If several columns have names of a field, the first with a value that the field can hold is used.
        """
        by_name = {column_key(str(name)): value for name, value in reversed(list(record.items()))}

        def values(field: ColumnField) -> list[object]:
            return [_decoded(by_name[name]) for name in FIELDS[field] if name in by_name]

        def text(field: ColumnField) -> str | None:
            return next((text for value in values(field) if (text := _text(value)) is not None), None)

        outlets = (
            outlet for value in values("outlet") if (outlet := _text(value)) and not _is_of_a_page(outlet)
        )
        published = next((when for value in values("published_at") if (when := _time(value))), None)
        written = None
        if published is None:
            days = (str(value) for value in values("published_at") if isinstance(value, date))
            written = text("published_at") or next(days, None)
        is_impossible = written is not None and (
            stands_for_no_date(written) or parse_time(written) is not None
        )
        return cls(
            id=text("id"),
            url=text("url"),
            title=text("title"),
            text=text("text"),
            html=text("html"),
            authors=next((names for value in values("authors") if (names := _authors(value))), ()),
            published=published,
            language=text("language"),
            outlet=next(outlets, None),
            unread_date=None if is_impossible else written,
            impossible_date=written if is_impossible else None,
        )


def columns_of(names: Iterable[str], *, with_content: bool) -> list[str]:
    """Choose the columns that hold an article's fields; without content, all except the text itself."""
    wanted = {
        name
        for field, known in FIELDS.items()
        if with_content or field not in ("text", "html")
        for name in known
    }
    return [name for name in names if column_key(name) in wanted]


def content_columns(names: Iterable[str]) -> list[str]:
    """Choose the columns that hold texts or pages."""
    return [name for name in names if column_key(name) in FIELDS["text"] + FIELDS["html"]]


def _decoded(value: object) -> object:
    """Decode bytes: some programs write the texts of a Parquet file without saying that they are texts."""
    if isinstance(value, list | tuple):
        return [_decoded(element) for element in value]
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else value


def _text(value: object) -> str | None:
    value = whole_number(value) or value
    return value if isinstance(value, str) and value.strip() else None


def _is_of_a_page(text: str) -> bool:
    """Say whether a text is the address of a page, which programs that store pages write under "source" too.

    The name of a host alone may be what a table calls an outlet.
    """
    return begins_as_address(text) and "/" in text


def whole_number(value: object) -> str | None:
    """Write a cell that holds a whole number as people see it; None for every other cell.

    Spreadsheets store each number as a float, and so does a column of numbers in which one is missing.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(int(value)) if isinstance(value, int) or value.is_integer() else None


def _authors(value: object) -> tuple[str, ...]:
    return tuple(_names_in(value_in_cell(value) if isinstance(value, str) else value, _MOST_LEVELS))


def _names_in(value: object, levels: int) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield value.strip()
    elif isinstance(value, Mapping) and levels:
        yield from _names_in(_name_in(value), levels - 1)
    elif isinstance(value, list | tuple) and levels:
        for part in value:
            yield from _names_in(part, levels - 1)


def _name_in(person: Mapping[object, object]) -> object:
    by_key = {column_key(str(key)): _decoded(value) for key, value in person.items()}
    return next((by_key[key] for key in _NAME_KEYS if by_key.get(key)), None)


def _time(value: object) -> datetime | None:
    """Read the date or time of a cell; None if it is none, or a placeholder."""
    if isinstance(value, datetime):
        try:
            when = in_utc(value)
        except OverflowError:  # the first or the last day that there is, in another zone
            return None
        return plausible_if_listed(when, datetime.now(UTC))
    if isinstance(value, date):
        return _time(datetime(value.year, value.month, value.day, tzinfo=UTC))
    text = value if isinstance(value, str) else whole_number(value)  # 20261103, or seconds since 1970
    return parse_listed_time(text)
