"""The first lines of a text without a page: what was copied with its headline."""

from datetime import UTC, datetime

import pytest

from tasks.extract.extract import extract_page
from tasks.extract.plain_text.plaintext import read_markdown, read_plain
from tests.tasks.pages import page_of, prose

BODY = prose(6)
TEXT = "\n\n".join(BODY)
TITLE, SUBTITLE = "The arithmetic of rent", "Why the cap is not enough"


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "head",
    [
        (TITLE, SUBTITLE, "By Ada Birch", "November 12, 2026"),
        (TITLE, f"{SUBTITLE}.", "By Ada Birch", "November 12, 2026"),
        ("Opinion", TITLE, "By Ada Birch", "Nov 12, 2026", "Share", "Save"),
        (
            "OPINION",
            TITLE,
            SUBTITLE,
            "5 min read",
            "By Ada Birch",
            "Published Nov. 12, 2026 · 5 min read",
            "Share",
        ),
        (TITLE, "By Ada Birch | November 12, 2026"),
        (TITLE, "By Ada Birch", "Published: 12 November 2026", "Updated: 13 November 2026"),
        (TITLE, SUBTITLE, "November 12, 2026", "By Ada Birch"),
        (TITLE, "Ada Birch", "November 12, 2026"),
        (TITLE, "By Ada Birch", "Nov 12 2026"),
    ],
    ids=[
        "subtitle",
        "subtitle with a stop",
        "label and buttons",
        "all",
        "one line",
        "two dates",
        "date first",
        "name",
        "date without a comma",
    ],
)
def test_the_lines_that_are_copied_with_a_headline_are_told_apart(head: tuple[str, ...], between: str):
    article = extract_page(page_of(f"{between.join(head)}\n\n{TEXT}", media_type="text/plain"))
    assert (article.title, article.authors) == (TITLE, ("Ada Birch",))
    assert article.published_at == datetime(2026, 11, 12, tzinfo=UTC)
    assert article.text.split("\n") == BODY


def test_the_subtitle_of_a_pasted_piece_is_stored():
    head = f"{TITLE}\n{SUBTITLE}\nBy Ada Birch\nNovember 12, 2026"
    assert extract_page(page_of(f"{head}\n\n{TEXT}", media_type="text/plain")).subtitle == SUBTITLE


def test_the_subtitle_is_a_field():
    assert read_plain(f"{TITLE}\n{SUBTITLE}\nBy Ada Birch\n\n{TEXT}").fields["subtitle"] == SUBTITLE
    found = read_markdown(f"# {TITLE}\n\n*{SUBTITLE}*\n\nBy Ada Birch\n\n{TEXT}")
    assert (found.title, found.fields["subtitle"], found.text) == (TITLE, SUBTITLE, "\n".join(BODY))


@pytest.mark.parametrize("name", ["J.D. Vance", "E.J. Dionne Jr."])
def test_a_byline_with_initials_that_stand_together_is_read(name: str):
    found = read_plain(f"{TITLE}\n\nBy {name}\n\nNov. 12, 2026\n\n{TEXT}")
    assert (found.title, found.authors, found.text) == (TITLE, (name,), "\n".join(BODY))
    assert "subtitle" not in found.fields


def test_a_label_above_a_headline_alone_is_no_headline():
    article = extract_page(page_of(f"Opinion\n{TITLE}\n\n{TEXT}", media_type="text/plain"))
    assert (article.title, article.text.split("\n")) == (TITLE, BODY)


def test_a_headline_that_reads_like_a_label_is_a_headline():
    found = read_plain(f"More on the ferry\nBy Ada Birch\n\n{TEXT}")
    assert (found.title, found.authors, found.text) == ("More on the ferry", ("Ada Birch",), "\n".join(BODY))


def test_a_headline_of_two_lines_is_whole():
    found = read_plain(f"The arithmetic of rent and the cap that we\nhave now\nBy Ada Birch\n\n{TEXT}")
    assert (found.title, found.authors) == (
        "The arithmetic of rent and the cap that we have now",
        ("Ada Birch",),
    )


@pytest.mark.parametrize(
    "opening",
    [
        ("Keep the ferry", "It was dark in the harbour.", "May 3, 2024", "We waited."),
        ("Keep the ferry", "It rained.", "It was dark.", "By Ada Birch"),
        ("It was dark.", "Why It Fails", "Nobody knows."),
    ],
    ids=["a diary", "two sentences", "no byline"],
)
def test_sentences_above_a_date_or_below_a_title_are_not_lost(opening: tuple[str, ...]):
    found = read_plain("\n\n".join([*opening, *BODY]))
    assert f"{found.title or ''}\n{found.text}".strip() == "\n".join([*opening, *BODY])


def test_a_short_headline_of_capitalised_words_above_a_date_is_no_author():
    found = read_plain(f"The Arithmetic of Rent\nWhy It Fails\nNovember 12, 2026\n\n{TEXT}")
    assert (found.title, found.authors) == ("The Arithmetic of Rent", ())
    assert (found.fields["subtitle"], found.fields["date"]) == ("Why It Fails", "November 12, 2026")
