"""Dates of listings: any text is a time in UTC or none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.text.dates import parse_listed_time, stands_for_no_date
from tests.tasks.text.nearly_times import nearly_times


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T10:00:00+02:00", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20T10:00:00Z", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("20261120T100000+0200", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 10:00:00 CET", datetime(2026, 11, 20, 9, tzinfo=UTC)),
        ("Fri, 20 Nov 2026 10:00:00 EST", datetime(2026, 11, 20, 15, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31", None),
        ("2099-01-01", None),
        ("1970-01-01", None),
        ("Wed, 31 Dec 1969 19:00:00 -0500", None),
        ("1900-01-01", None),
        ("1899-12-30T00:00:00Z", None),
        ("1900-01-02", datetime(1900, 1, 2, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_are_read_as_utc_and_placeholders_are_none(text: str | None, expected: datetime | None) -> None:
    assert parse_listed_time(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0000-00-00", True),
        ("0000-00-00 00:00:00", True),
        ("0001-01-01T00:00:00+05:00", True),
        ("9999-12-31T23:59:59-05:00", True),
        (" 0 ", True),
        ("0.0", True),
        ("2026-11-20", False),
        ("20/11/2026", False),
        ("0001", False),
        ("yesterday", False),
        ("", False),
    ],
)
def test_what_programs_write_for_a_missing_date_is_known_although_it_may_be_no_time(
    text: str, expected: bool
) -> None:
    assert stands_for_no_date(text) is expected


@settings(deadline=None)
@given(st.text(max_size=70) | nearly_times)
def test_any_text_is_a_date_or_none(text: str) -> None:
    when = parse_listed_time(text)
    assert when is None or when.tzinfo is UTC
