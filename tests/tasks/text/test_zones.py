"""Whether the text of a time states its zone."""

import pytest
from hypothesis import given

from tasks.text.zones import states_zone
from tests.tasks.text.nearly_times import nearly_times


@pytest.mark.parametrize(
    ("written", "stated"),
    [
        ("2026-11-12T22:30:00Z", True),
        ("2026-11-12T22:30-0500", True),
        ("2026-11-12T22:30:00.123+05:30", True),
        ("20261112T223000Z", True),
        ("1794540600", True),
        ("1794540600123", True),
        ("Thu, 12 Nov 2026 22:30:00 GMT", True),
        ("Nov. 12, 2026, 10:30 p.m. ET", True),
        ("2026-11-12T22:30:00", False),
        ("2026-11-12 22:30:00.123456", False),
        ("12.11.2026 22:30", False),
        ("12 November 2026 22.30", False),
        ("November 12, 2026 10:30 PM", False),
        ("November 12, 2026 10:30 p. m.", False),
        ("2026-11-12", None),
        ("12.11.2026", None),
        ("12.11.26", None),
        ("November 12, 2026", None),
        ("20261112", None),
    ],
)
def test_a_time_has_a_zone_or_none_and_a_day_needs_none(written: str, stated: bool | None) -> None:
    assert states_zone(written) is stated


@given(nearly_times)
def test_any_text_states_a_zone_or_not(text: str) -> None:
    assert states_zone(text) in (True, False, None)
