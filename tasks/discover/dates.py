from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# A listing's clock may be ahead of ours, and a piece may be announced for tomorrow; later dates are mistakes.
_AHEAD = timedelta(days=2)


def parse_date(text: str | None) -> datetime | None:
    """Read a date of a feed, sitemap or table (ISO 8601 / W3C, or RFC 822), as UTC.

    A time without a zone is taken as UTC. Gives None for what is no date, and for dates before 1800 or more
    than two days ahead, which are placeholders or mistakes.
    """
    if not text or len(text) > 64 or not (text := text.strip()):
        return None
    when = _iso(text) or _rfc822(text)
    if when is None:
        return None
    try:
        when = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None
    return when if when.year >= 1800 and when <= datetime.now(UTC) + _AHEAD else None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in ("%Y-%m", "%Y"):  # W3C allows a month or a year alone
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def _rfc822(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
