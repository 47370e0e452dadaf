"""The addresses of filters."""

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from flows.explorer.filters import Filter, exactly

CHOSEN = Filter(since=date(2026, 1, 15), until=date(2026, 4, 15), words="tax")


@pytest.mark.parametrize(
    ("first", "last", "address"),
    [
        (date(2026, 1, 12), date(2026, 1, 18), "/?since=2026-01-15&until=2026-01-18&words=tax"),
        (date(2026, 2, 2), date(2026, 2, 8), "/?since=2026-02-02&until=2026-02-08&words=tax"),
        (date(2026, 4, 13), date(2026, 4, 19), "/?since=2026-04-13&until=2026-04-15&words=tax"),
    ],
)
def test_the_address_of_a_period_never_leaves_the_chosen_days(first: date, last: date, address: str) -> None:
    assert CHOSEN.within(first, last) == address


def test_what_people_type_has_no_spaces_around_it() -> None:
    typed = [("words", " tax "), ("author", " writer "), ("since", " 2026-01-15 "), ("page", " 2 ")]
    found = Filter.of_address(typed)
    assert found == Filter(words="tax", authors=("writer",), since=date(2026, 1, 15), page=2)


@pytest.mark.parametrize("name", ["outlet", "author", "topic"])
def test_the_link_of_a_long_stored_name_can_be_followed(name: str) -> None:
    """No limit is set to the names in a table of somebody else."""
    stored = "The " + "x" * 1_000
    address = Filter().only(f"{name}s", exactly(stored) if name == "author" else stored)
    assert Filter.of_address(parse_qsl(urlsplit(address).query)).address() == address


def test_a_form_chooses_a_stored_name_that_has_a_line_end() -> None:
    """Browsers send a line end of a field as two characters; earlier versions stored such names."""
    sent = [("outlet", "The\r\nTimes"), ("topic", "Public\r\nhealth"), ("author", "=A.\r\nWriter")]
    found = Filter(outlets=("The\nTimes",), topics=("Public\nhealth",), authors=("=A.\nWriter",))
    assert Filter.of_address(sent) == found


def test_without_chosen_days_the_address_of_a_period_has_its_own() -> None:
    first, last = date(2026, 1, 12), date(2026, 1, 18)
    assert Filter(page=3).within(first, last) == "/?since=2026-01-12&until=2026-01-18"
