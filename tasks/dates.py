"""Times with a zone, read from the many forms in which pages, listings and tables write them.

Missing parts are not invented: a month or a year alone is not a day, and gives None. There are two conventions: a time
without a zone is in UTC, and a day without a time begins at midnight UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

__all__ = ["parse_listed_time", "parse_time", "plausible"]

#: No page was published before this; earlier dates come from templates (1970-01-01, 0001-01-01).
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
#: A listing or a table may belong to an archive; dates before this are placeholders.
EARLIEST_LISTED = datetime(1800, 1, 1, tzinfo=UTC)
# A server's clock may be ahead of ours, its time zone may be wrong, and an article may be announced for tomorrow.
_AHEAD = timedelta(days=2)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}(?!\d)")
_MAIL = re.compile(
    r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|GMT|UTC?|Z)"
)
# Offsets from UTC, in hours, of the zones that pages write as letters.
_ZONES = {
    **dict.fromkeys(("UTC", "GMT", "Z"), 0),
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
    **{
        "BST": 1,
        "CET": 1,
        "CEST": 2,
        "EET": 2,
        "MSK": 3,
        "SGT": 8,
        "HKT": 8,
        "JST": 9,
        "KST": 9,
        "AEST": 10,
        "AEDT": 11,
    },
}
_NAMED_ZONE = re.compile(r" ?\(?([A-Z]{1,4})\)?$")
_DAYS = ("%Y/%m/%d", "%d.%m.%Y", "%B %d, %Y", "%b %d, %Y", "%b. %d, %Y", "%d %B %Y", "%d %b %Y")
_CLOCKS = ("%H:%M:%S", "%H:%M", "%H.%M", "%I:%M %p", "%I:%M%p")
_FORMATS = (
    *_DAYS,
    *(f"{day}{gap}{clock}" for day in _DAYS for gap in (" ", ", ") for clock in _CLOCKS),
)
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+", re.IGNORECASE)


def parse_time(value: str | None) -> datetime | None:
    """Read a time as UTC; None if the text is not a time.

    It reads ISO 8601 in its usual variants, RFC 2822, Unix seconds and milliseconds, and English dates.

    Examples
    --------
    >>> parse_time("Nov. 3, 2026 5:03 p.m. EST")
    datetime.datetime(2026, 11, 3, 22, 3, tzinfo=datetime.timezone.utc)
    >>> parse_time("November 2026") is None
    True
    """
    text = " ".join((value or "").split())
    if not text or len(text) > 64:
        return None
    try:
        if _MAIL.fullmatch(text):
            return _utc(parsedate_to_datetime(text))
        return _iso(text) or _digits(text) or _written(text) or _mail(text)
    except (ValueError, OverflowError, OSError):
        return None


def plausible(when: datetime | None, fetched_at: datetime) -> datetime | None:
    """Return a publication time unless it is before the web, or after the fetch by more than a time zone's error."""
    if when is None or when < EARLIEST or when > fetched_at + _AHEAD:
        return None
    return when


def parse_listed_time(value: str | None) -> datetime | None:
    """Read a time of a listing or a table; None if it is a placeholder or more than two days in the future."""
    when = parse_time(value)
    if when is None or when < EARLIEST_LISTED or when > datetime.now(UTC) + _AHEAD:
        return None
    return when


def _iso(text: str) -> datetime | None:
    if not _ISO_DAY.match(
        text
    ):  # the standard library also accepts a week or an ordinal day, and adds a day to it
        return None
    tidy = text.replace(" UTC", "Z").replace(" GMT", "Z")
    tidy = re.sub(r" (?=[+-]\d{2}:?\d{2}$|Z$)", "", tidy)
    try:
        return _utc(datetime.fromisoformat(tidy))
    except ValueError:
        return None


def _digits(text: str) -> datetime | None:
    if re.fullmatch(r"\d{14}", text):
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    if re.fullmatch(r"\d{10}(?:\.\d+)?", text):
        return datetime.fromtimestamp(float(text), UTC)
    if re.fullmatch(r"\d{13}", text):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    return None


def _written(text: str) -> datetime | None:
    hours = 0
    zone = _NAMED_ZONE.search(text)
    if zone and zone[1] in _ZONES:
        hours, text = _ZONES[zone[1]], text[: zone.start()]
    text = _WEEKDAY.sub("", text)
    if not re.search(r"\d", text):
        return None
    tidy = re.sub(r"\b(\d{1,2})(?:st|nd|rd|th)\b", r"\1", text)
    tidy = re.sub(r"\b([ap])\.?m\.?\b\.?", lambda match: match[1].upper() + "M", tidy, flags=re.IGNORECASE)
    tidy = re.sub(r"\bSept\b", "Sep", tidy.replace(" at ", " "))
    for form in _FORMATS:
        try:
            return (datetime.strptime(tidy, form) - timedelta(hours=hours)).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def _mail(text: str) -> datetime | None:
    return _utc(parsedate_to_datetime(text)) if "," in text or re.search(r"\d{2}:\d{2}", text) else None


def _utc(when: datetime) -> datetime:
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
