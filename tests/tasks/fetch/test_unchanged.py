"""A page with nothing new since its last visit ends before extraction; a page with something new goes on."""

from dataclasses import replace

import pytest

from tasks.fetch.unchanged import is_first_content, without_unchanged
from tasks.item import Visit
from tasks.page import Page
from tests.tasks.pages import page_of

PAGE = page_of("<p>The harbor should stay open.")
URL = PAGE.item.url
LAST = PAGE.visit("page", None)


def test_a_page_that_was_never_visited_goes_on_to_extraction() -> None:
    changed, visits, unchanged = without_unchanged([PAGE], {})
    assert (changed, visits, unchanged) == ([PAGE], [LAST], [])


def test_a_page_that_the_server_calls_unchanged_ends_with_the_fetch() -> None:
    answer = replace(PAGE, body=None, not_modified=True, http_status=304)
    changed, _, [outcome] = without_unchanged([answer], {URL: LAST})
    assert not changed
    assert (outcome.outcome, outcome.stage, outcome.http_status) == ("unchanged", "fetch", 304)
    assert outcome.reason == "not changed since the last visit (HTTP 304)"


def test_the_same_bytes_as_before_end_with_the_fetch_and_other_bytes_go_on() -> None:
    other = page_of("<p>The harbor should be closed.")
    assert without_unchanged([other], {URL: LAST})[0] == [other]
    changed, _, [outcome] = without_unchanged([PAGE], {URL: LAST})
    assert not changed
    assert outcome.reason == "not changed since the last visit (the same bytes as before)"


def test_a_record_of_an_archive_with_the_hash_of_the_last_visit_has_the_same_bytes() -> None:
    item = replace(PAGE.item, location="file:///crawl.warc.gz#warc%3D0")
    record = replace(PAGE, item=item, body=None, not_modified=True)
    assert record.http_status == 200
    changed, _, [outcome] = without_unchanged([record], {URL: LAST})
    assert not changed
    assert outcome.reason == "not changed since the last visit (the same bytes as before)"


def test_the_same_bytes_go_on_if_the_hash_of_the_last_visit_is_not_known() -> None:
    assert without_unchanged([PAGE], {URL: replace(LAST, body_hash=None)})[0] == [PAGE]


@pytest.mark.parametrize(
    ("page", "last", "is_first"),
    [
        (PAGE, None, True),
        (PAGE, replace(LAST, body_hash=None), True),
        (PAGE, LAST, False),
        (page_of("<p>The harbor should be closed."), LAST, False),  # only its hash shows that it is new
        (replace(PAGE, body=None), None, False),
        (replace(PAGE, not_modified=True), replace(LAST, body_hash=None), False),
    ],
)
def test_the_first_content_of_a_page_is_known_without_its_hash_and_goes_on(
    page: Page, last: Visit | None, is_first: bool
) -> None:
    assert is_first_content(page, last) == is_first
    if is_first:
        assert without_unchanged([page], {URL: last} if last else {})[0] == [page]


@pytest.mark.parametrize(
    ("final_url", "stored"),
    [
        (URL, None),
        (f"{URL}?utm_source=mail", None),
        ("https://Press.example/Opinion/Piece?utm_source=mail", "https://press.example/Opinion/Piece"),
        ("https://press.example/" + "a" * 5_000, None),
    ],
    ids=["none", "only a mark of the sender", "another page", "an address that is too long"],
)
def test_a_visit_names_the_address_to_which_redirects_led_in_canonical_form(
    final_url: str, stored: str | None
) -> None:
    assert replace(PAGE, final_url=final_url).visit().final_url == stored
