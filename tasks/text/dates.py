"""Times with a zone, read from the many forms in which pages, listings and tables write them.

Missing parts are not invented: a month or a year alone is not a day, and gives None. There are two conventions: a time
without a zone, or with letters that are no known zone, is in UTC, and a day without a time begins at midnight UTC.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

__all__ = [
    "in_utc",
    "is_before",
    "parse_listed_time",
    "parse_time",
    "plausible",
    "plausible_if_listed",
    "precise",
    "stands_for_no_date",
]

#: Dates of a page before this come from templates (1970-01-01, 0001-01-01), unless its address has the same year.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
#: A listing or a table may belong to an archive; dates before this are placeholders.
EARLIEST_LISTED = datetime(1800, 1, 1, tzinfo=UTC)
# The days from which clocks and spreadsheets count: a text that is listed with one of them has no known date.
_ZERO_DAYS = frozenset({date(1899, 12, 30), date(1900, 1, 1), date(1969, 12, 31), date(1970, 1, 1)})
# What databases and programs write for a missing date: some of these have no time in UTC, and 0 is that of a clock.
_ZERO_TEXT = re.compile(r"(?:000[01]|9999)([-/.])\d\d\1\d\d(?!\d)|0(?:\.0+)?$")
# A server's clock may be ahead of ours, its time zone may be wrong, and an article may be announced for tomorrow.
_AHEAD = timedelta(days=2)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}(?!\d)")
# The hours from UTC after a time: "-0500", "+01", "GMT-0500", "UTC+1". The parser of mails takes "+01" for one minute,
# and ignores what it does not know.
_FROM_UTC = re.compile(
    r"(?:(?<=:\d\d)|(?<=[ap]m)|(?<=[ap]\.m\.))(?: ?(?:GMT|UTC) ?| )([+-])(\d{1,2}):?(\d\d)?$", re.IGNORECASE
)
# The same zone once more after them, as programs write it: "+0000 UTC", "-0500 (Eastern Standard Time)", "-0300 -03".
_ZONE_AGAIN = re.compile(
    r"(?:(?<=[+-]\d{4})|(?<=[+-]\d\d:\d\d)) (?:[A-Z]{3,4}|\([^()]{1,40}\)|[+-]\d\d(?:\d\d)?)$"
)
# The name of the zone behind its offset, as Java writes it: "-05:00[America/New_York]".
_ZONE_IN_BRACKETS = re.compile(r"(?<=[\dZ])\[[A-Za-z][\w/+-]{1,39}\]$")
_T_BEFORE_CLOCK = re.compile(r"(?<=\d)T(?=\d{1,2}:)")
_MAIL = re.compile(
    r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|GMT|UTC?|Z)"
)
# Offsets from UTC, in hours, of the zones that pages write as letters.
_ZONES = {
    **dict.fromkeys(("UTC", "GMT", "Z"), 0),
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "HST": -10},
    **{
        "BST": 1,
        "CET": 1,
        "CEST": 2,
        "EET": 2,
        "EEST": 3,
        "MSK": 3,
        "SGT": 8,
        "HKT": 8,
        "JST": 9,
        "KST": 9,
        "AEST": 10,
        "AEDT": 11,
        "NZST": 12,
        "NZDT": 13,
    },
}
# The time in North America without "standard" or "daylight" ("5:03 p.m. ET"): the day decides between the two.
_ALL_YEAR = {"ET": -5, "CT": -6, "MT": -7, "PT": -8}
_NAMED_ZONE = re.compile(r" ?\(?([A-Z]{1,4})\)?$")
_LONG_ZONE = re.compile(r" (Eastern|Central|Mountain|Pacific)(?: (Standard|Daylight))?(?: Time)?$")
# An unknown zone is read only after a time, because letters after a day may be part of the day.
_UNKNOWN_ZONE = re.compile(r"(?<=\d|M) ?\(?(?![AP]M\b)[A-Z]{2,4}\)?$")
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,4}$")
_HALF_DAY = re.compile(r"(?<=\d) ?([ap])\.? ?m\b\.?", re.IGNORECASE)
# "17:03 PM": some templates write both forms, and the hour is certain.
_NEEDLESS_HALF = re.compile(r"\b((?:00?|1[3-9]|2[0-3]):\d{2}(?::\d{2})?) [AP]M\b")
# Signs between the parts of a date that say nothing: "Jan. 6, 2021", "6-Jan-2021".
_BETWEEN_PARTS = re.compile(r"(?<=[A-Za-z])\.|,|(?<=\d)-(?=[A-Za-z])|(?<=[A-Za-z])-(?=\d)")
# "November 3, 2026 - 9:00 pm"
_DASH_BEFORE_TIME = re.compile(
    r"(?<=\d{4}) ?[-–—|•·] ?(?=\d{1,2}[:.]\d\d(?!\d)|\d{1,2} ?[ap]\.?m\b)", re.IGNORECASE
)
# "21:14, 03-Nov-2026", "9:30am, 3 Nov 2026", "06:00 GMT on Tuesday 3 November 2026"
_TIME_FIRST = re.compile(
    r"(?P<time>(?:\d{1,2}[:.]\d\d(?::\d\d)?(?: ?[ap]\.? ?m\b\.?)?|\d{1,2} ?[ap]\.? ?m\b\.?)(?: (?-i:[A-Z]{1,4}))?),?"
    r" (?:on )?(?P<day>.{8,40})",
    re.IGNORECASE,
)
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y")
_CLOCKS = ("%H:%M:%S", "%H:%M", "%H.%M", "%I:%M:%S %p", "%I:%M %p", "%I.%M %p", "%I %p")
_FORMATS = (*_DAYS, *(f"{day} {clock}" for day in _DAYS for clock in _CLOCKS))
#: No time is longer; the name of its zone may be.
_LONGEST = 80
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
    if not text or len(text) > _LONGEST:
        return None
    text = _ZONE_IN_BRACKETS.sub("", _ZONE_AGAIN.sub("", text))
    text = _FROM_UTC.sub(lambda hours: f" {_four_digits(hours)}", text)
    try:
        if _MAIL.fullmatch(text):
            return in_utc(parsedate_to_datetime(text))
        return _iso(text) or _digits(text) or _written(text) or _mail(text)
    except (ValueError, OverflowError, OSError):
        return None


def in_utc(when: datetime) -> datetime:
    """Convert a time to UTC; a time without a zone is in UTC already.

    Raises
    ------
    OverflowError
        When it is before the year 1 or after the year 9999 in UTC.
    """
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def plausible(when: datetime | None, fetched_at: datetime, years: Collection[int] = ()) -> datetime | None:
    """Return a publication time unless it is before the web, or after the fetch by more than a time zone's error.

    In one of the `years` that the address has, it may be before the web: some papers publish their old pieces under
    addresses such as ``/1981/05/06/opinion/the-ferry.html``.
    """
    if when is not None and when.year in years:
        return plausible_if_listed(when, fetched_at)
    if when is None or when < EARLIEST or when > fetched_at + _AHEAD:
        return None
    return when


def plausible_if_listed(when: datetime | None, fetched_at: datetime) -> datetime | None:
    """Return a time of a listing, a table or a text unless it is a placeholder or too far after the fetch.

    Unlike the times of a page, it may be long before the web, because archives are listed too.
    """
    if when is None or when < EARLIEST_LISTED or when > fetched_at + _AHEAD or when.date() in _ZERO_DAYS:
        return None
    return when


def parse_listed_time(value: str | None) -> datetime | None:
    """Read a time of a listing or a table; None if it is a placeholder or more than two days in the future."""
    return plausible_if_listed(parse_time(value), datetime.now(UTC))


def stands_for_no_date(text: str) -> bool:
    """Say whether a text is what databases and programs write for a missing date, in a form that may be no time at all.

    Examples
    --------
    >>> stands_for_no_date("0000-00-00"), stands_for_no_date("2026-11-03")
    (True, False)
    """
    return _ZERO_TEXT.match(text.strip()) is not None


def is_before(when: datetime, limit: datetime) -> bool:
    """Say whether a time is before a limit. A day without a time begins at midnight: it is, if all of it is before.

    Examples
    --------
    >>> limit = datetime(2026, 11, 3, 12, tzinfo=UTC)
    >>> is_before(datetime(2026, 11, 3, tzinfo=UTC), limit), is_before(datetime(2026, 11, 2, tzinfo=UTC), limit)
    (False, True)
    """
    return limit - when >= timedelta(days=1) if when.time() == time() else when < limit


def precise(when: datetime, limit: datetime) -> tuple[str, str]:
    """Write a time and the limit it was compared with: as days, or with the time if the limit is within that day."""
    form = "%Y-%m-%d %H:%M:%S" if when.date() == limit.date() and limit.time() != time() else "%Y-%m-%d"
    return when.strftime(form), limit.strftime(form)


def _iso(text: str) -> datetime | None:
    # The standard library also accepts a week or an ordinal day, and adds a day to it.
    if not _ISO_DAY.match(text):
        return None
    tidy = text.replace(" UTC", "Z").replace(" GMT", "Z")
    tidy = re.sub(r" (?=[+-]\d{2}:?\d{2}$|Z$)", "", tidy)
    try:
        return in_utc(datetime.fromisoformat(tidy))
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
    if first := _TIME_FIRST.fullmatch(text):
        text = f"{first['day']} {first['time']}"
    text = _T_BEFORE_CLOCK.sub(" ", _DASH_BEFORE_TIME.sub(" ", text))
    text, zone = _without_zone(_WEEKDAY.sub("", text))
    if not re.search(r"\d", text):
        return None
    tidy = re.sub(r"\b(\d{1,2})(?:st|nd|rd|th)\b", r"\1", text)
    tidy = _NEEDLESS_HALF.sub(r"\1", _with_half_day(tidy))
    tidy = re.sub(r"\bSept\b", "Sep", tidy.replace(" at ", " "))
    tidy = " ".join(_BETWEEN_PARTS.sub(" ", tidy).split())
    for form in _FORMATS:
        try:
            when = datetime.strptime(tidy, form)
        except ValueError:
            continue
        return (when - _offset(zone, when)).replace(tzinfo=UTC)
    return None


def _with_half_day(text: str) -> str:
    """Write each "a.m.", "p. m." or "pm" as " AM" or " PM"."""
    return _HALF_DAY.sub(lambda match: f" {match[1].upper()}M", text)


def _without_zone(text: str) -> tuple[str, str]:
    """Separate the zone at the end of a time; "" if there is none or if it is not known."""
    if hours := _FROM_UTC.search(text):
        return text[: hours.start()], _four_digits(hours)
    if long := _LONG_ZONE.search(text):
        return text[: long.start()], f"{long[1][0]}{(long[2] or '')[:1]}T"
    text = _DOTTED.sub(lambda match: match[0].replace(".", ""), _with_half_day(text))
    named = _NAMED_ZONE.search(text)
    if named and (named[1] in _ZONES or named[1] in _ALL_YEAR):
        return text[: named.start()], named[1]
    has_time = re.search(r"\d[:.]\d{2}\b|\d [AP]M\b", text)
    return (_UNKNOWN_ZONE.sub("", text) if has_time else text), ""


def _four_digits(hours: re.Match[str]) -> str:
    """Write hours from UTC as all parsers of times know them: "-0500"."""
    return f"{hours[1]}{int(hours[2]):02}{hours[3] or '00'}"


def _offset(zone: str, when: datetime) -> timedelta:
    """Give how far a zone is ahead of UTC at a local time."""
    if zone.startswith(("+", "-")):
        ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
        return -ahead if zone.startswith("-") else ahead
    if zone in _ALL_YEAR:
        return timedelta(hours=_ALL_YEAR[zone] + _is_summer_in_north_america(when))
    return timedelta(hours=_ZONES.get(zone, 0))


def _is_summer_in_north_america(when: datetime) -> bool:
    """Say whether clocks are one hour ahead: since 2007 from the second Sunday of March to the first of November."""
    if when.year >= 2007:
        begin, end = _sunday(when.year, 3, 8), _sunday(when.year, 11, 1)
    else:
        begin, end = _sunday(when.year, 4, 1), _sunday(when.year, 10, 25)
    return begin <= when < end


def _sunday(year: int, month: int, day: int) -> datetime:
    """Give the time of the change, two o'clock, on the first Sunday from a day on."""
    start = datetime(year, month, day, 2)
    return start + timedelta(days=6 - start.weekday())


def _mail(text: str) -> datetime | None:
    if _HALF_DAY.search(text):
        return None  # the form of mails has 24 hours, and its parser would ignore "pm"
    return in_utc(parsedate_to_datetime(text)) if "," in text or re.search(r"\d{2}:\d{2}", text) else None
