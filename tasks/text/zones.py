"""Times that a text states without their zone, compared with statements of the same time that have one."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

__all__ = ["ahead_of", "states_zone"]

# A time of day at the end of a text: no offset follows ("-05:00" begins with a sign), no "Z" and no name of a zone.
_ENDS_WITH_CLOCK: Final = re.compile(
    r"(?<![+\-\d])\d{1,2}[:.]\d\d(?:[:.]\d\d(?:[.,]\d{1,9})?)?(?:\s?[ap]\.?\s?m\b\.?)?\s*$", re.IGNORECASE
)
# Seconds and milliseconds since 1970 are counted in UTC.
_HAS_CLOCK: Final = re.compile(r"\d:\d\d|\dT\d{4}|^\s*\d{10}(?:\d{3}|\.\d+)?\s*$")
_DATE_WITH_DOTS: Final = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}\s*$")
#: No zone is farther from UTC, and the offset of each is a multiple of a quarter of an hour.
_FARTHEST: Final = timedelta(hours=14)
_QUARTER: Final = timedelta(minutes=15)


def states_zone(written: str) -> bool | None:
    """Say whether a text states a time with its zone; without one it is read as UTC. None if it states only a day.

    Examples
    --------
    >>> [states_zone(text) for text in ("2026-11-03T22:30-05:00", "2026-11-03T22:30:00", "2026-11-03")]
    [True, False, None]
    """
    if _ENDS_WITH_CLOCK.search(written) and not _DATE_WITH_DOTS.search(written):
        return False
    return True if _HAS_CLOCK.search(written) else None


def ahead_of(without_zone: datetime, other: datetime | None) -> timedelta | None:
    """Give what must be added to a time that was read without its zone, by another statement of it that has one.

    None if both cannot be the same time: they must differ by what a zone can differ from UTC, to the second.
    """
    if other is None:
        return None
    ahead = other - without_zone
    return ahead if ahead and abs(ahead) <= _FARTHEST and not ahead % _QUARTER else None
