import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from commentariat import InputError
from tasks.named_inputs import source_from_input
from tasks.outcome import OUTCOMES, Outcome
from tasks.sources import Source


def source(**values: object) -> Source:
    return Source.model_validate(
        {"name": "ledger", "type": "feed", "location": "http://ledger.example/feed"} | values
    )


def test_a_source_has_one_location_or_several() -> None:
    assert source().locations == ("http://ledger.example/feed",)
    both = source(location=["http://a.example/", "http://b.example/"], type="section")
    assert both.locations == ("http://a.example/", "http://b.example/")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"feed": "x"}, "Extra inputs"),
        ({"name": "two words"}, "pattern"),
        ({"type": "rss"}, "feed"),
        ({"kind": "satire"}, "opinion"),
        ({"location": "ftp://ledger.example/"}, "only http and https"),
        ({"location": "http://"}, "host"),
        ({"location": "page.html", "type": "section"}, "is not an address"),
        ({"location": "http://ledger.example/", "type": "files"}, '"urls" the web'),
        ({"locations": ["a"]}, "not both"),
        ({"location": []}, "at least 1"),
        ({"include": ["re:("]}, "not a regular expression"),
        ({"include": ["opinion/*"]}, "write '*opinion/*'"),
        ({"exclude": ["ledger.example/*"]}, "write '*ledger.example/*'"),
        ({"max_items": 0}, "greater than or equal to 1"),
        ({"since_days": -1}, "greater than 0"),
        ({"language": "English please"}, "pattern"),
    ],
)
def test_a_mistake_in_a_source_is_named(values: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(message)):
        source(**values)


def test_relative_paths_start_from_the_folder_of_the_configuration() -> None:
    anchored = source(type="files", location=["texts", "/srv/texts"]).anchored(Path("/etc/commentariat"))
    assert anchored.locations == ("/etc/commentariat/texts", "/srv/texts")
    assert source().anchored(Path("/etc")).locations == source().locations


@pytest.mark.parametrize(
    ("patterns", "url", "taken"),
    [
        ({"include": ["/opinion/"]}, "http://a.example/opinion/x", True),
        ({"include": ["/opinion/"]}, "http://a.example/sport/x", False),
        ({"include": ["*/opinion/*"], "exclude": ["/letters/"]}, "http://a.example/opinion/letters/x", False),
        ({"include": ["re:/\\d{4}/"]}, "http://a.example/2026/x", True),
        ({"include": ["*.html"]}, "http://a.example/x.html?a=1", False),
        ({"include": ["http://a.example/o/*"]}, "http://a.example/o/x", True),
        ({"include": ["http://a.example/o/*"]}, "http://b.example/http://a.example/o/x", False),
        ({"exclude": ["http://a.example/o/*"]}, "http://b.example/http://a.example/o/x", True),
        ({"include": ["http*://?.example/[op]/*"]}, "https://a.example/o/x", True),
        ({"include": ["file:///srv/*"]}, "file:///srv/a.txt", True),
        ({}, "http://a.example/anything", True),
    ],
)
def test_patterns_choose_urls(patterns: dict[str, object], url: str, taken: bool) -> None:
    assert (source(**patterns).why_left_out(url, None) is None) is taken


def test_dates_choose_items_and_items_without_a_date_are_taken() -> None:
    now = datetime.now(UTC)
    recent = source(since_days=7)
    start = recent.window_start(None)
    assert recent.why_left_out("http://a.example/", now - timedelta(days=8), since=start)
    assert recent.why_left_out("http://a.example/", now - timedelta(days=6), since=start) is None
    assert recent.why_left_out("http://a.example/", None, since=start) is None
    until = datetime(2026, 11, 1, tzinfo=UTC)
    assert source().why_left_out("http://a.example/", until, until=until) == (
        "published 2026-11-01, not before 2026-11-01"
    )


def test_the_reason_names_the_time_of_day_if_a_period_begins_or_ends_within_the_day() -> None:
    noon, evening = (datetime(2026, 11, 1, hour, tzinfo=UTC) for hour in (12, 18))
    assert [
        source().why_left_out("http://a.example/", noon, since=evening),
        source().why_left_out("http://a.example/", evening, until=noon),
        source().why_left_out("http://a.example/", noon - timedelta(days=1), since=evening),
    ] == [
        "published 2026-11-01 12:00:00, before 2026-11-01 18:00:00",
        "published 2026-11-01 18:00:00, not before 2026-11-01 12:00:00",
        "published 2026-10-31, before 2026-11-01",
    ]


def test_the_period_of_a_backfill_is_used_in_place_of_the_days_of_the_source() -> None:
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    assert source(since_days=7).window_start(begin) == begin
    assert source().window_start(None) is None


def test_outcomes_are_a_closed_list_and_carry_nothing_unprintable() -> None:
    assert len(OUTCOMES) == 18
    assert {name for name, meaning in OUTCOMES.items() if meaning.retryable} == {
        "fetch_failed",
        "postponed",
        "extract_failed",
    }
    outcome = Outcome("http://a.example/\udcff", "s", "fetch_failed", "said \x1b[31m\nHTTP 200", "fetch")
    assert outcome.url.encode()
    assert outcome.reason.isprintable()


@pytest.mark.parametrize(
    ("location", "kept"),
    [
        ("https://ann:s3cret@ledger.example/feed?x=a@b", "https://ledger.example/feed?x=a@b"),
        (" http://ann:s3:cr@t@ledger.example:8080/feed", "http://ledger.example:8080/feed"),
        ("https://s3cret@ledger.example", "https://ledger.example"),
        ("https://ledger.example/@ann/feed", "https://ledger.example/@ann/feed"),
    ],
)
def test_a_source_keeps_no_credentials_of_its_address(location: str, kept: str) -> None:
    assert source(location=location).locations == (kept,)
    assert source(location=["https://b.example/", location]).locations == ("https://b.example/", kept)
    assert source_from_input(location.strip()).locations == (kept,)


@pytest.mark.parametrize(
    ("location", "kept"),
    [
        ("https://ann:pa/ss@ledger.example/feed", "https://ledger.example/feed"),
        ("https://ann:P@ss#1/x?@ledger.example:8080/feed", "https://ledger.example:8080/feed"),
        ("https://ann:pa/ss@intranet/feed", "https://intranet/feed"),
        ("https://ann:pa/s@x/@y/z@ledger.example/@bob", "https://ledger.example/@bob"),
        ("https://ann:pw@intranet/feed/@bob", "https://intranet/feed/@bob"),
        ("http://localhost:8080/@bob", "http://localhost:8080/@bob"),
        ("https://ledger.example/feed?mail=ann@b.example", "https://ledger.example/feed?mail=ann@b.example"),
        ("https://ledger.example/x@b.example", "https://ledger.example/x@b.example"),
    ],
)
def test_a_password_may_contain_characters_that_end_a_host_name(location: str, kept: str) -> None:
    assert source(location=location).locations == (kept,)


@pytest.mark.parametrize(
    "location",
    [
        "https://ann:12/34@ledger.example/feed",
        "https://ann@b.example:12/34@ledger.example/feed",
        "https://s3cret/34@ledger.example/feed",
        "ann:pa34@ledger.example/feed",
        "ann:pa/34@ledger.example/feed",
    ],
)
def test_an_address_that_may_hold_a_password_is_refused_and_not_shown(location: str) -> None:
    with pytest.raises(ValidationError) as refused:
        source(location=location)
    with pytest.raises(InputError, match="%40") as named:
        source_from_input(location)
    assert "34" not in refused.value.errors()[0]["msg"] + str(named.value)


@given(password=st.text("aZ1.:/?#@%[]", max_size=12))
def test_nothing_of_any_password_is_kept(password: str) -> None:
    try:
        kept = source(location=f"https://ann:{password}@ledger.example/feed").locations
    except ValidationError as refused:
        assert "ann" not in refused.errors()[0]["msg"]
    else:
        assert kept == ("https://ledger.example/feed",)


def test_a_source_with_credentials_that_cannot_be_used_does_not_show_them() -> None:
    with pytest.raises(ValidationError) as refused:
        source(location="ftp://ann:s3cret@ledger.example/")
    assert "s3cret" not in refused.value.errors()[0]["msg"]
    with pytest.raises(InputError) as named:
        source_from_input("ftp://ann:s3cret@ledger.example/")
    assert "s3cret" not in str(named.value)
