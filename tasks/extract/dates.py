"""Times with a zone, out of the many ways pages write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

__all__ = ["parse_time", "plausible"]

#: Nothing we read was published before this, whatever a template says (1970-01-01, 0001-01-01).
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_FRACTION = re.compile(r"(\.\d{6})\d+")
_COMPACT_ZONE = re.compile(r"([+-]\d{2})(\d{2})$")
_HOUR_ZONE = re.compile(r"([+-]\d{2})$")
# Hours from UTC of the zones that pages write as letters.
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
_DAYS = ("%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%B %d, %Y", "%b %d, %Y", "%b. %d, %Y", "%d %B %Y", "%d %b %Y")
_CLOCKS = ("%H:%M:%S", "%H:%M", "%H.%M", "%I:%M %p", "%I:%M%p")
_FORMATS = (
    *_DAYS,
    *(f"{day}{gap}{clock}" for day in _DAYS for gap in (" ", ", ") for clock in _CLOCKS),
    "%Y%m%dT%H%M%S",
    "%Y%m%d%H%M%S",
)
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+", re.IGNORECASE)


def parse_time(value: str | None) -> datetime | None:
    """Read a time as UTC, or None where it cannot be told.

    ISO 8601 in its usual variants, RFC 2822, Unix seconds and milliseconds, and English dates. A time without
    zone is taken as UTC; a date without time is midnight UTC.
    """
    text = " ".join((value or "").split())
    if not text or len(text) > 64:
        return None
    try:
        return _iso(text) or _epoch(text) or _written(text) or _mail(text)
    except (ValueError, OverflowError, OSError):
        return None


def plausible(when: datetime | None, fetched_at: datetime) -> datetime | None:
    """Return a publication time unless it lies before the web, or after it was read by more than a zone's error."""
    if when is None or when < EARLIEST or when > fetched_at + timedelta(days=2):
        return None
    return when


def _iso(text: str) -> datetime | None:
    tidy = _FRACTION.sub(r"\1", text.replace(" UTC", "Z").replace(" GMT", "Z"))
    tidy = _COMPACT_ZONE.sub(r"\1:\2", tidy) if "T" in tidy or ":" in tidy else tidy
    tidy = _HOUR_ZONE.sub(r"\1:00", tidy) if ":" in tidy else tidy
    tidy = re.sub(r" (?=[+-]\d{2}:\d{2}$|Z$)", "", tidy)
    if not re.match(r"^\d{4}-\d{2}-\d{2}", tidy):
        return None
    try:
        return _utc(datetime.fromisoformat(tidy))
    except ValueError:
        return None


def _epoch(text: str) -> datetime | None:
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
