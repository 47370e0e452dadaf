"""Articles as records of JSON lines or Parquet, whatever their columns are called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from tasks.dates import parse_listed_time

# The usual names of each field; the first column that is present and not empty is used.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "article_id", "doc_id", "document_id", "uuid"),
    "url": ("url", "link", "canonical_url", "web_url"),
    "title": ("title", "headline"),
    "text": ("text", "body", "content", "article", "maintext"),
    "html": ("html", "raw_html"),
    "authors": ("authors", "author", "byline"),
    "published": ("published_at", "published", "date_published", "publication_date", "date", "datetime"),
    "language": ("language", "lang"),
    "outlet": ("outlet", "publication", "publisher", "site_name"),
}


@dataclass(frozen=True, slots=True)
class Record:
    """One article of a table; every field may be missing, but not all three of ``url``, ``text`` and ``html``."""

    id: str | None
    url: str | None
    title: str | None
    text: str | None
    html: str | None
    authors: tuple[str, ...]
    published: datetime | None
    language: str | None
    outlet: str | None

    @classmethod
    def of(cls, record: Mapping[str, object]) -> "Record":
        """Take the fields from a record whose columns have any of the usual names, in upper or lower case."""
        by_name = {str(name).lower(): value for name, value in record.items()}

        def first(field: str) -> object:
            values = (_decoded(by_name.get(name)) for name in _NAMES[field])
            return next((value for value in values if value not in (None, "", [])), None)

        return cls(
            id=_text(first("id")),
            url=_text(first("url")),
            title=_text(first("title")),
            text=_text(first("text")),
            html=_text(first("html")),
            authors=_authors(first("authors")),
            published=_time(first("published")),
            language=_text(first("language")),
            outlet=_text(first("outlet")),
        )


def columns_of(names: Iterable[str], *, with_content: bool) -> list[str]:
    """Choose the columns that hold an article's fields; without content, all except the text itself."""
    wanted = {
        name
        for field, known in _NAMES.items()
        if with_content or field not in ("text", "html")
        for name in known
    }
    return [name for name in names if name.lower() in wanted]


def content_columns(names: Iterable[str]) -> list[str]:
    """Choose the columns that hold texts or pages."""
    return [name for name in names if name.lower() in _NAMES["text"] + _NAMES["html"]]


def _decoded(value: object) -> object:
    """Decode bytes: some programs write the texts of a Parquet file without saying that they are texts."""
    if isinstance(value, list | tuple):
        return [_decoded(one) for one in value]
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else value


def _text(value: object) -> str | None:
    value = whole_number(value) or value
    return value if isinstance(value, str) and value.strip() else None


def whole_number(value: object) -> str | None:
    """Write a cell that holds a whole number as people see it; None for every other cell.

    Spreadsheets store each number as a float, and so does a column of numbers in which one is missing.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(int(value)) if isinstance(value, int) or value.is_integer() else None


def _authors(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(name.strip() for name in value if isinstance(name, str) and name.strip())
    return (value.strip(),) if isinstance(value, str) and value.strip() else ()


def _time(value: object) -> datetime | None:
    if isinstance(value, datetime):
        try:
            return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        except OverflowError:  # the first or the last day that there is, in another zone
            return None
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    text = value if isinstance(value, str) else whole_number(value)  # 20261103, or seconds since 1970
    return parse_listed_time(text)
