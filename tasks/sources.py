"""The sources of articles: the ``[[sources]]`` entries of the configuration."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from commentariat import InputError
from tasks.addresses.credentials import may_hold_a_password, without_credentials
from tasks.addresses.url_patterns import compiled
from tasks.addresses.urls import canonical_url
from tasks.article import Kind
from tasks.home import not_empty, with_home
from tasks.section import Section
from tasks.text.dates import is_before, precise

SourceType = Literal["feed", "sitemap", "section", "urls", "files", "warc", "table"]

ColumnField = Literal["text", "html", "title", "authors", "published_at", "outlet", "url", "id", "language"]

PUBLISHED_LISTINGS: tuple[SourceType, ...] = ("feed", "sitemap", "section")
"""Types of sources to which a publisher adds. The others have something new only when a person puts it there."""


class Source(Section):
    """A ``[[sources]]`` entry: where to look for articles, and facts that hold for all of them."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")] = Field(
        description="Short name, used in tables and reports."
    )
    type: SourceType = Field(
        description="feed (RSS, Atom, JSON Feed), sitemap, section (a page of links), urls (a list, or a "
        "text file with one a line), files (files and folders), warc, table (a CSV, TSV, XLSX, JSON lines or Parquet "
        "file with one article a row)."
    )
    locations: Annotated[tuple[str, ...], Field(min_length=1)] = Field(
        description="An address or a path to read, or a list of them. The key may also be written `location`."
    )
    outlet: str | None = Field(default=None, min_length=1, description="Name of the publication.")
    kind: Kind = Field(
        default="unknown",
        description="Kind of all its articles: opinion, news, or unknown (each page states its own).",
    )
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = Field(
        default=None, description="Language of all its articles, as a BCP 47 code such as en or pt-BR."
    )
    include: tuple[str, ...] = Field(
        default=(),
        description="Take only URLs that match one of these: a whole URL with * for any characters, a part of a URL, "
        "or re: and a regex.",
    )
    exclude: tuple[str, ...] = Field(default=(), description="Leave out URLs that match one of these.")
    max_items: int | None = Field(
        default=None, ge=1, le=1_000_000_000, description="Take at most this number of items, newest first."
    )
    second_model: bool = Field(
        default=True,
        description="false: what this source brings or lists is not sent to a second model, also if another source "
        "lists it too.",
    )
    since_days: float | None = Field(
        default=None, gt=0, le=36_500, description="Take only items that are at most this number of days old."
    )

    columns: dict[ColumnField, str] = Field(
        default_factory=dict,
        description='Of a table: the columns of its fields, like { text = "Body" }; others are found by their names.',
    )
    dates: tuple[str, ...] = Field(
        default=(),
        description='Of a table: the forms of its dates, like ["%d/%m/%Y"]; without this key, ISO 8601.',
    )

    @model_validator(mode="before")
    @classmethod
    def _one_location_will_do(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        data = dict(data)
        if "location" in data:
            if "locations" in data:
                raise ValueError("give either location or locations, not both")
            data["locations"] = data.pop("location")
        if isinstance(data.get("locations"), str):
            data["locations"] = (data["locations"],)
        return data

    @field_validator("locations")
    @classmethod
    def _without_credentials(cls, locations: tuple[str, ...]) -> tuple[str, ...]:
        """Remove user names and passwords: they are never sent, and everybody can read the stored address."""
        return tuple(public_address(location) for location in locations)

    @field_validator("include", "exclude")
    @classmethod
    def _patterns_compile(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            compiled(pattern)
        return patterns

    @model_validator(mode="after")
    def _columns_are_of_a_table(self) -> Self:
        if self.type != "table" and (self.columns or self.dates):
            raise ValueError('columns and dates say how to read a table: they need type = "table"')
        return self

    @model_validator(mode="after")
    def _locations_fit_the_type(self) -> Self:
        for location in self.locations:
            if is_path(location):
                try:
                    with_home(Path(not_empty(location)))
                except ValueError as error:
                    raise ValueError(f"locations: {error}") from None
                if self.type == "section":
                    raise ValueError(
                        f"locations: a section is a page on the web; {location!r} is not an address"
                    )
            elif self.type in ("files", "table"):
                raise ValueError(
                    f'locations: {location!r} is an address; type = "{self.type}" reads the disk, "urls" the web'
                )
            else:
                try:
                    canonical_url(location)
                except InputError as error:
                    raise ValueError(f"locations: {error}") from error
        return self

    @cached_property
    def _include(self) -> tuple[re.Pattern[str], ...]:
        return tuple(compiled(pattern) for pattern in self.include)

    @cached_property
    def _exclude(self) -> tuple[re.Pattern[str], ...]:
        return tuple(compiled(pattern) for pattern in self.exclude)

    @cached_property
    def filters_hash(self) -> str:
        """Identify by 16 hex digits which source takes which entries of a listing.

        Other filters take other entries. With another name, what the listing has is not yet known to be listed by this
        source, which may have ``second_model = false``.
        """
        chosen_by = (self.name, self.type, self.include, self.exclude, self.max_items, self.since_days)
        return hashlib.sha256(repr(chosen_by).encode()).hexdigest()[:16]

    def anchored(self, folder: Path) -> "Source":
        """Make relative paths relative to a folder: the one that holds the configuration."""
        locations = tuple(
            str(folder / with_home(Path(location))) if is_path(location) else location
            for location in self.locations
        )
        return self.model_copy(update={"locations": locations})

    def window_start(self, since: datetime | None) -> datetime | None:
        """Give the start of the period from which entries are taken: that of the run, otherwise by ``since_days``."""
        if since is None and self.since_days is not None:
            return datetime.now(UTC) - timedelta(days=self.since_days)
        return since

    def why_left_out(
        self,
        url: str,
        when: datetime | None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        what: str = "published",
    ) -> str | None:
        """Say why the filters leave a URL out, or None if they accept it.

        Parameters
        ----------
        url
            Canonical URL.
        when
            Publication time, if known. Midnight may be any time of that day, because many listings state days only. An
            entry without a date passes every date filter, because its date is known only after reading it.
        since, until
            The period from which entries are taken, ``until`` not included; :meth:`window_start` gives ``since``.
        what
            The event at that time, for the reason: many sitemaps give only the time of the last change.
        """
        if self._include and not any(pattern.search(url) for pattern in self._include):
            return f"matches none of the include patterns of {self.name}"
        for pattern, text in zip(self._exclude, self.exclude, strict=True):
            if pattern.search(url):
                return f"matches the exclude pattern {text!r}"
        if when is not None and since is not None and is_before(when, since):
            return "{} {}, before {}".format(what, *precise(when, since))
        if when is not None and until is not None and when >= until:
            return "{} {}, not before {}".format(what, *precise(when, until))
        return None


def public_address(location: str) -> str:
    """Give an address without user name and password; a path is returned unchanged.

    Raises
    ------
    ValueError
        When a part of it may or may not be a password. The message does not show it.
    """
    if may_hold_a_password(location) and not _is_on_disk(location):
        raise ValueError(
            "locations: an address with an @ in it that may stand behind a password. Passwords are never sent: leave "
            "it out, and write https:// in front of the host. An @ that belongs to the page is written %40"
        )
    return without_credentials(location)


def _is_on_disk(location: str) -> bool:
    try:
        return Path(location).exists()
    except OSError:  # such as a name that is too long
        return False


def is_path(location: str) -> bool:
    """Distinguish a path from an address: an address has ``://`` after its scheme."""
    return re.match(r"^[A-Za-z][A-Za-z0-9+.-]*:(//|[^/\\]*@)|^(data|javascript|mailto):", location) is None
