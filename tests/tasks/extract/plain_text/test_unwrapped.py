"""Plain texts whose lines a program broke, and texts whose line breaks are the author's."""

import textwrap

import pytest

from tasks.extract.extract import extract_page
from tasks.extract.plain_text.plaintext import read_markdown, read_plain
from tests.tasks.pages import page_of, prose

BODY = prose(6)
LIST = ["We need inspectors", "We need an index", "We need it now"]


def wrap(paragraph: str, width: int = 70, first: str = "") -> str:
    return "\n".join(textwrap.wrap(paragraph, width, initial_indent=first, break_on_hyphens=False))


def paragraphs(text: str) -> list[str]:
    return read_plain(text).text.split("\n")


@pytest.mark.parametrize("width", [36, 60, 72, 100, 110, 118])
def test_lines_of_any_usual_width_are_joined(width: int):
    assert paragraphs("\n\n".join(wrap(one, width) for one in BODY)) == BODY


@pytest.mark.parametrize("indent", ["  ", "    ", "\t", "\u2003\u2003"])
def test_an_indent_begins_a_paragraph_where_there_are_no_blank_lines(indent: str):
    lines = "\n".join(wrap(one, 70, "~~").replace("~~", indent) for one in BODY)
    assert paragraphs(lines) == BODY
    assert paragraphs(f"Title: Keep the ferry\n\n{lines}") == BODY


def test_a_short_line_that_ends_a_sentence_ends_a_paragraph_where_there_are_no_blank_lines():
    # The last lines of these paragraphs are not full, so that they can be told from the others.
    body = [f"{one} So be it." for one in BODY]
    width = next(
        w for w in range(60, 90) if all(len(wrap(one, w).rsplit("\n", 1)[-1]) < w - 20 for one in body)
    )
    assert paragraphs("\n".join(wrap(one, width) for one in body)) == body
    headed = [*body[:3], "The other bank", *body[3:]]
    assert paragraphs("\n".join(wrap(one, width) for one in headed)) == headed


@pytest.mark.parametrize(
    "long",
    [
        "See https://www.gull.example/opinion/2026/11/12/" + "the-ferry-" * 9 + ".html and others.",
        prose(1, seed=9)[0],
    ],
    ids=["an address", "a paragraph"],
)
def test_a_line_that_is_not_wrapped_does_not_keep_the_others_apart(long: str):
    body = [*BODY[:3], long, *BODY[3:]]
    assert paragraphs("\n\n".join(one if one is long else wrap(one) for one in body)) == body


@pytest.mark.parametrize("width", [70, 10_000], ids=["wrapped", "one line a paragraph"])
def test_a_list_or_a_signature_without_marks_keeps_its_lines(width: int):
    signed = ["Yours", "Ada Birch", "Harbour City"]
    blocks = [
        wrap(BODY[0], width),
        "\n".join(LIST),
        *(wrap(one, width) for one in BODY[1:]),
        "\n".join(signed),
    ]
    assert paragraphs("\n\n".join(blocks)) == [BODY[0], *LIST, *BODY[1:], *signed]


def test_short_lines_that_end_sentences_stay_paragraphs():
    lines = [
        "The cap is a mess.",
        "Nobody asked for it, and nobody has ever been able to say what it is for.",
        "Scrap it.",
    ]
    assert paragraphs("\n".join(lines * 4)) == lines * 4
    assert paragraphs("\n\n".join(lines * 4)) == lines * 4


VERSE = [
    "Shall I compare the ferry to a day",
    "That ends before the evening lamps are lit",
    "Rough winds do shake the gulls above the bay",
    "And all who wait upon the landing sit",
    "Sometime too hot the harbour engine shines",
    "And often is its golden funnel dimmed",
    "And every boat from boat in time declines",
    "By chance or council changing course untrimmed",
    "But this our common crossing shall not fade",
    "Nor lose possession of the tide it owes",
    "Nor shall the bridge look down upon its shade",
    "When in the morning fog the ferry goes",
    "So long as men can row or gulls can see",
    "So long lives this and this is bread to me",
]


@pytest.mark.parametrize(
    "lines",
    [
        VERSE,
        [f"{('ANNA', 'BEN')[number % 2]}: {line}" for number, line in enumerate(VERSE)],
        [f"“{line}" for line in VERSE],
        [*BODY[0].replace(". ", ".\n").split("\n"), *VERSE],
    ],
    ids=["verses", "a dialogue", "quotations", "short paragraphs above verses"],
)
@pytest.mark.parametrize("above", [[], ["Keep the ferry.", ""]], ids=["alone", "below a line"])
def test_lines_that_each_begin_anew_stay_apart(lines: list[str], above: list[str]):
    assert paragraphs("\n".join([*above, *lines])) == [line for line in [*above, *lines] if line]


def test_narrow_lines_without_blank_lines_stay_apart():
    lines = [line[0].lower() + line[1:] for line in VERSE]
    assert paragraphs("\n".join(lines)) == lines


def test_two_verses_below_each_other_stay_apart_between_short_paragraphs():
    body = [f"{line}." for line in BODY[0].rstrip(".").split(". ")]
    verses = ["Shall I compare the old ferry to a day", "That ends before the evening lamps are lit"]
    assert paragraphs("\n\n".join([*body[:2], "\n".join(verses), *body[2:]])) == [
        *body[:2],
        *verses,
        *body[2:],
    ]


def test_verses_in_a_wrapped_text_stay_apart():
    stanza = [f"{line}," for line in VERSE[:3]] + [f"{VERSE[3]}."]
    for verses in (VERSE, stanza):
        text = "\n\n".join([wrap(BODY[0]), "\n".join(verses), *map(wrap, BODY[1:])])
        assert paragraphs(text) == [BODY[0], *verses, *BODY[1:]]


def test_paragraphs_behind_a_list_are_divided_where_there_are_no_blank_lines():
    lines = [
        wrap(BODY[0]),
        "So be it.",
        "1. The ferry stays.",
        "2. The bridge goes.",
        "That is all.",
        wrap(BODY[1], 70, "   "),
    ]
    found = paragraphs("\n".join(lines))
    assert found[-4:] == ["1. The ferry stays.", "2. The bridge goes.", "That is all.", BODY[1]]


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("the ordi-\nnance of this", "the ordinance of this"),
        ("the ordi\u2010\n   nance of this", "the ordinance of this"),
        ("the ordi\xad\nnance of this", "the ordinance of this"),
        ("a long-\nterm view, and", "a long-term view, and"),
        ("a rent-\ncontrol board, and rent under control", "a rent-control board, and rent under control"),
        ("the Franco-\nGerman plan", "the Franco-German plan"),
        ("the pre-\nand post-war years", "the pre- and post-war years"),
        ("the years 1991-\n1995 were", "the years 1991-1995 were"),
    ],
    ids=[
        "hyphen",
        "other hyphen",
        "soft hyphen",
        "a usual part",
        "words of the text",
        "a name",
        "half a word",
        "numbers",
    ],
)
def test_a_word_that_was_divided_at_the_end_of_a_line_is_whole(broken: str, whole: str):
    text = "\n\n".join([wrap(BODY[0]), f"We have never been told what is in {broken}", *map(wrap, BODY[1:])])
    article = extract_page(page_of(text, media_type="text/plain"))
    assert article.text.split("\n")[1] == f"We have never been told what is in {whole}"


def test_a_wrapped_text_of_markdown_is_joined_too():
    item = textwrap.fill(BODY[1], 70, subsequent_indent="  ")
    text = f"# Keep the ferry\n\n{wrap(BODY[0], 110)}\n\n- {item}\n- So be it.\n\n{wrap(BODY[3], 110)}\n"
    read = read_markdown(text)
    assert (read.title, read.text.split("\n")) == ("Keep the ferry", [*BODY[:2], "So be it.", BODY[3]])


def printed(*pages: str) -> list[str]:
    return extract_page(page_of("\f".join(pages), media_type="text/plain")).text.split("\n")


def test_page_numbers_and_running_heads_beside_a_page_break_are_removed():
    first, second = wrap(BODY[1]).split("\n", 2)[:2], wrap(BODY[1]).split("\n", 2)[2]
    found = printed(
        "\n\n".join([wrap(BODY[0]), "\n".join(first), "                 11\n"]),
        "12   THE GULL   NOVEMBER 12, 2026\n\n"
        + "\n\n".join([second, wrap(BODY[2])])
        + "\n\nPage 12 of 13\n",
        "13   THE GULL   NOVEMBER 12, 2026\n\n" + "\n\n".join(map(wrap, BODY[3:])) + "\n\nPage 13 of 13",
        "",
    )
    assert found == BODY


def test_a_line_of_the_text_beside_a_page_break_stays():
    body = [*BODY[:2], "We paid 40 dollars in 1991.", "ENOUGH IS ENOUGH", *BODY[2:]]
    assert printed("\n\n".join(body[:3]), "\n\n".join(body[3:])) == body
