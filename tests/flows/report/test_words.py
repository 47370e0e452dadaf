"""The report and the explorer write dates in the same form."""

from datetime import UTC, date, datetime

import pytest

from flows.explorer import pages
from flows.report import page


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "undated"),
        ("2026-11-07", "7 November 2026"),
        (date(2026, 11, 7), "7 November 2026"),
        (datetime(2026, 11, 7, 23, 59, tzinfo=UTC), "7 November 2026"),
    ],
)
def test_a_day_is_written_alike_in_the_report_and_in_the_explorer(value: object, text: str) -> None:
    for environment in (page._environment(), pages._environment()):
        assert environment.from_string("{{ value|day }}").render(value=value) == text
