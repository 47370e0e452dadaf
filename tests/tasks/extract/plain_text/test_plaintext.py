"""Texts without a page: the lines at their beginning, such as a byline, are distinguished from the body."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.quotes import quoted_spans
from tasks.addresses.urls import article_id
from tasks.extract.extract import extract_page
from tasks.extract.plain_text.plaintext import read_markdown, read_plain
from tests.tasks.pages import html_of, page_of, prose

BODY = prose(6)


def test_the_seed_op_ed_is_divided_into_its_editorial_parts():
    folder = os.environ.get("COMMENTARIAT_SEED_DIR")
    if not folder:
        pytest.skip("COMMENTARIAT_SEED_DIR is not set: the seed op-ed is kept outside the project")
    path = Path(folder) / "cgtn-op-ed-2023.txt"
    lines = path.read_text(encoding="utf-8").strip().split("\n")
    article = extract_page(page_of(path.read_bytes(), media_type="text/plain", url=path.absolute().as_uri()))
    assert (article.caption, article.note) == (lines[0], lines[1])
    assert article.text.split("\n") == lines[2:]
    assert article.authors == ("Xie Maosong",)
    assert (article.kind, article.language, article.title) == ("opinion", "en", None)
    assert article.quality == 1.0


ROW = {"title_hint": "Keep the ferry", "location": "file:///a.csv#csv%3D0-9%3Btext%3DBody"}


@pytest.mark.parametrize("first", ["What do we owe the sea?", "A view from the quay"])
def test_the_title_of_a_row_counts_before_a_first_line_like_a_headline(first: str):
    article = extract_page(page_of("\n\n".join([first, *BODY]), media_type="text/plain", **ROW))
    assert (article.title, article.text.split("\n")) == ("Keep the ferry", [first, *BODY])


def test_the_title_of_a_row_counts_before_a_subheading_of_its_text():
    tags = f"<p>{BODY[0]}</p><h2>Why it fails</h2>" + "".join(f"<p>{paragraph}</p>" for paragraph in BODY[1:])
    assert extract_page(page_of(tags, media_type="text/plain", **ROW)).title == "Keep the ferry"


def test_a_first_line_that_repeats_the_title_of_a_row_is_no_part_of_its_text():
    article = extract_page(page_of("\n\n".join(["Keep the ferry", *BODY]), media_type="text/plain", **ROW))
    assert article.text.split("\n") == BODY


def test_a_first_line_like_a_headline_is_the_title():
    read = read_plain("\n".join(["Keep the ferry", *BODY]))
    assert (read.title, read.text) == ("Keep the ferry", "\n".join(BODY))


def test_a_first_sentence_is_not_a_title():
    assert read_plain("\n".join(BODY)).title is None
    assert read_plain("It was dark.\n" + "\n".join(BODY)).title is None
    assert read_plain("Keep the ferry").title is None


def test_fields_at_the_head_are_read():
    read = read_plain(
        "Title: Keep the ferry\nAuthor: Ada Birch; Li Wei\nDate: 2026-11-03\n\n" + "\n\n".join(BODY)
    )
    assert (read.title, read.authors, read.fields["date"]) == (
        "Keep the ferry",
        ("Ada Birch", "Li Wei"),
        "2026-11-03",
    )
    assert read.text == "\n".join(BODY)


@pytest.mark.parametrize("read", [read_plain, read_markdown])
def test_front_matter_in_toml_is_read(read):
    text = (
        '+++\ntitle = "Keep the ferry"\nauthors = ["Ada Birch", "Li Wei"]\ndate = 2026-11-03\noutlet = "The Gull"\n'
        "[extra]\nweight = 3\n+++\n\n" + "\n\n".join(BODY)
    )
    found = read(text)
    assert (found.title, found.authors) == ("Keep the ferry", ("Ada Birch", "Li Wei"))
    assert (found.fields["date"], found.fields["outlet"]) == ("2026-11-03", "The Gull")
    assert found.text == "\n".join(BODY)


ON_DISK = "file:///home/ada/texts/ferry.txt"


@pytest.mark.parametrize(
    ("head", "outlet"),
    [
        ("Source: The Gull", "The Gull"),
        ("Source: The Wire\nOutlet: The Gull", "The Gull"),
        ("Source: https://gull.example/ferry", None),
        ("Source: www.gull.example", None),
        ("Author: Ada Birch", None),
    ],
)
def test_the_outlet_of_a_text_is_in_its_head(head: str, outlet: str | None):
    text = f"Title: Keep the ferry\n{head}\n\n" + "\n\n".join(BODY)
    article = extract_page(page_of(text, media_type="text/plain", url=ON_DISK))
    assert (article.outlet, article.text.split("\n")) == (outlet, BODY)
    article = extract_page(page_of(text, media_type="text/plain", url=ON_DISK, outlet="The Shore"))
    assert article.outlet == "The Shore"


@pytest.mark.parametrize(
    ("stated", "url"),
    [
        ("https://gull.example/2026/11/ferry?utm_source=x", "https://gull.example/2026/11/ferry"),
        (
            "https://gull.example/opinion/keep-the-old-ferry",
            "https://gull.example/opinion/keep-the-old-ferry",
        ),
        ("www.gull.example/2026/11/ferry", "https://www.gull.example/2026/11/ferry"),
        ('"https://gull.example/2026/11/ferry"', "https://gull.example/2026/11/ferry"),
        ("www.gull.example/opinion", ON_DISK),
        ("https://gull.example/opinion", ON_DISK),
        ("https://gull.example/index.html", ON_DISK),
        ("https://gull.example/opinion/index.html", ON_DISK),
        ("https://gull.example/2026/11/", ON_DISK),
        ("https://gull.example/archive", ON_DISK),
        ("gull.example", ON_DISK),
        ("file:///2026/11/20/other.html", ON_DISK),
    ],
)
@pytest.mark.parametrize("media_type", ["text/plain", "text/markdown"])
def test_a_text_on_disk_is_known_by_the_address_in_its_head_if_it_is_that_of_an_article(
    stated: str, url: str, media_type: str
):
    text = f"Title: Keep the ferry\nURL: {stated}\n\n" + "\n\n".join(BODY)
    article = extract_page(page_of(text, media_type=media_type, url=ON_DISK))
    assert (article.url, article.item_url, article.article_id) == (url, ON_DISK, article_id(url))
    here = "https://shore.example/2026/11/ferry.txt"
    assert extract_page(page_of(text, media_type=media_type, url=here)).url == here


def test_front_matter_in_yaml_is_read_in_plain_texts_too():
    found = read_plain("---\ntitle: Keep the ferry\nauthor: Ada Birch\n---\n\n" + "\n\n".join(BODY))
    assert (found.title, found.authors, found.text) == ("Keep the ferry", ("Ada Birch",), "\n".join(BODY))


@pytest.mark.parametrize(
    ("field", "authors"),
    [
        ("Author: Birch, Ada", ("Ada Birch",)),
        ("Author: Birch, Ada Q.", ("Ada Q. Birch",)),
        ("Author: Birch, A. Q.; Wei, Li", ("A. Q. Birch", "Li Wei")),
        ("Author: de la Cruz, Ana", ("Ana de la Cruz",)),
        ("Author: Ada Birch, Li Wei, and Tom Reed", ("Ada Birch", "Li Wei", "Tom Reed")),
        ("Author: Ada Birch, Jr.", ("Ada Birch Jr.",)),
        ("Author: Ada Birch, Special to the Star", ("Ada Birch",)),
    ],
)
def test_the_authors_of_a_field_are_read_as_those_of_a_byline(field, authors):
    assert read_plain(f"Title: Keep the ferry\n{field}\n\n" + "\n\n".join(BODY)).authors == authors


@pytest.mark.parametrize(
    ("lines", "authors"),
    [
        ('authors: ["Ada Birch", "Li Wei"]', ("Ada Birch", "Li Wei")),
        ("authors: ['Birch, Ada', \"O'Neil, Li\"] # both", ("Ada Birch", "Li O'Neil")),
        ("authors: [Ada Birch, Li O'Neil]", ("Ada Birch", "Li O'Neil")),
        ('authors: [\n  "Ada Birch",\n  "Li Wei"\n]', ("Ada Birch", "Li Wei")),
        ("authors:\n  - Ada Birch\n  # the second\n  - 'Li Wei'", ("Ada Birch", "Li Wei")),
        ("authors:\n- Ada Birch\n- Li Wei # the second", ("Ada Birch", "Li Wei")),
        ("authors:\n  - name: Ada Birch\n    role: Columnist\n  - name: Li Wei", ("Ada Birch", "Li Wei")),
        (
            "authors:\n  - affiliations:\n      - name: The Gull\n    name: Ada Birch\n  - name: Li Wei",
            ("Ada Birch", "Li Wei"),
        ),
        ("author:\n  name: Ada Birch\n  email: ada@gull.example", ("Ada Birch",)),
        ("author:\n  given: Ada\n  family: Birch", ()),
        ("author: Ada Birch # the author", ("Ada Birch",)),
        ('author: "Ada Birch" # the author', ("Ada Birch",)),
        ("author: # nobody", ()),
        ("author: Ada Birch\ncover-image:\n  - a.png", ("Ada Birch",)),
    ],
)
@pytest.mark.parametrize("read", [read_plain, read_markdown])
def test_the_authors_of_front_matter_are_read_in_all_usual_forms_of_yaml(read, lines, authors):
    found = read(f"---\ntitle: Keep the ferry\n{lines}\ndate: 2026-11-03\n---\n\n" + "\n\n".join(BODY))
    assert (found.title, found.authors, found.text) == ("Keep the ferry", authors, "\n".join(BODY))
    assert found.fields["date"] == "2026-11-03"


@pytest.mark.parametrize(
    "written",
    [
        ">\n  Keep the #1 ferry:\n  now",
        "|-\n  Keep the #1 ferry:\n  now",
        "Keep the #1 ferry:\n  now # a draft",
        '"Keep the #1 ferry:\n  now" # a draft',
        "'Keep the #1 ferry: now'",
    ],
)
def test_a_title_in_front_matter_may_go_on_below(written):
    found = read_markdown(f"---\ntitle: {written}\nauthor: Ada Birch\n---\n\n" + "\n\n".join(BODY))
    assert (found.title, found.authors) == ("Keep the #1 ferry: now", ("Ada Birch",))


@pytest.mark.parametrize(
    "line",
    ["title = ", f"n = {'1' * 5_000}", f"n = 0x{'f' * 5_000}", f"n = {'[' * 600}"],
    ids=["no value", "digits", "hex digits", "brackets"],
)
def test_front_matter_that_is_no_toml_is_refused_with_the_reason(line):
    text = f"+++\n{line}\n+++\n\n" + "\n\n".join(BODY)
    refused = extract_page(page_of(text, media_type="text/plain"))
    assert refused.outcome == "extract_failed"
    assert "the front matter between +++ is not valid TOML" in refused.reason


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "head", [("By Ada Birch and Li Wei", "3 November 2026"), ("November 3, 2026", "By Ada Birch and Li Wei")]
)
def test_plain_lines_of_title_byline_and_date_are_read(head, between):
    found = read_plain(between.join(["Keep the ferry.", *head]) + "\n\n" + "\n\n".join(BODY))
    assert (found.title, found.authors) == ("Keep the ferry.", ("Ada Birch", "Li Wei"))
    assert found.fields["date"] == next(line for line in head if "2026" in line)
    assert found.text == "\n".join(BODY)


def test_a_byline_under_a_heading_of_markdown_is_read():
    found = read_markdown("# Keep the ferry\n\nBy Ada Birch\n\n2026-11-03\n\n" + "\n\n".join(BODY))
    assert (found.title, found.authors, found.fields["date"]) == (
        "Keep the ferry",
        ("Ada Birch",),
        "2026-11-03",
    )
    assert found.text == "\n".join(BODY)


def test_a_text_that_begins_with_sentences_loses_none_of_them():
    for first in ("By 2030 the ferry will be gone.", "It was 3 November 2026.", "Ada Birch wrote to us."):
        assert read_plain("\n\n".join([first, *BODY])).text == "\n".join([first, *BODY])


def wrap(paragraph: str) -> str:
    words, lines = paragraph.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 70:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def test_hard_wrapped_lines_are_joined_to_paragraphs():
    assert read_plain("\n\n".join(wrap(paragraph) for paragraph in BODY)).text == "\n".join(BODY)


def test_hard_wrapped_lines_are_joined_although_the_first_line_of_a_paragraph_ends_a_sentence():
    blocks = [wrap(BODY[0]), "The ferry is cheap.\nIt is also slow.", *map(wrap, BODY[1:])]
    joined = [BODY[0], "The ferry is cheap. It is also slow.", *BODY[1:]]
    assert read_plain("\n\n".join(blocks)).text == "\n".join(joined)


def test_a_list_in_a_hard_wrapped_text_keeps_its_items():
    items = ["The ferry is cheap.", "The ferry is slow.", "The bridge is neither of the two."]
    listed = "Three things are known:\n" + "\n".join(f"- {item}" for item in items)
    numbered = "1. The ferry stays, and it stays\n   for ever.\n2. The bridge goes."
    text = "\n\n".join([wrap(BODY[0]), listed, wrap(BODY[1]), numbered, *map(wrap, BODY[2:])])
    assert read_plain(text).text.split("\n") == [
        BODY[0],
        "Three things are known:",
        *items,
        BODY[1],
        "1. The ferry stays, and it stays for ever.",
        "2. The bridge goes.",
        *BODY[2:],
    ]


def test_a_line_that_begins_with_a_dash_in_a_hard_wrapped_sentence_is_no_item():
    broken = "The ferry was old and slow and never on time\n- nobody has ever denied that -\nbut it was ours."
    text = "\n\n".join([wrap(BODY[0]), broken, wrap(BODY[1])])
    assert read_plain(text).text.split("\n")[1] == " ".join(broken.split("\n"))


def test_a_text_with_one_line_for_each_paragraph_keeps_its_paragraphs():
    assert read_plain("\n".join(BODY)).text == "\n".join(BODY)


def test_short_paragraphs_of_one_line_in_sections_stay_apart():
    sections = [
        "The ferry is cheap.\nIt is slow too.\nWe love it.",
        "A bridge is dear.\nIt is quick.",
        "So be it.",
    ]
    text = "\n\n".join(sections)
    assert read_plain(text).text == text.replace("\n\n", "\n")


def test_markdown_gives_its_words_without_its_marks():
    text = (
        "---\ntitle: Keep the ferry\nauthor: Ada Birch\n---\n\n"
        "We *really* need the [ferry](https://gull.example/ferry), **now**.\n\n"
        "## Why\n\n> It is `cheap`.\n\n- one\n- two\n\n![a boat](boat.png)\n\n1. first\n"
    )
    read = read_markdown(text)
    assert (read.title, read.authors) == ("Keep the ferry", ("Ada Birch",))
    assert read.text == "We really need the ferry, now.\nWhy\n“It is cheap.”\none\ntwo\nfirst"


def test_a_block_quote_of_markdown_counts_as_quoted():
    quote = (
        "> Nuclear power must be *shut*\n> down, said “nobody”.\n>\n> > - It is a menace to all of us.\n"
        "> - So it is."
    )
    text = read_markdown("\n\n".join([BODY[0], f"They wrote:\n{quote}\nI disagree.", *BODY[1:]])).text
    assert text.split("\n")[1:6] == [
        "They wrote:",
        "“Nuclear power must be shut down, said ‘nobody’.”",
        "“It is a menace to all of us.”",
        "“So it is.”",
        "I disagree.",
    ]
    quoted = [text[start:end] for start, end in quoted_spans(text)]
    assert quoted == text.split("\n")[2:4]  # three words are too few for speech


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (f"> {BODY[1].split('. ', maxsplit=1)[0]}.", f"{BODY[1].split('. ', maxsplit=1)[0]}."),
        ("> “Nuclear power must be shut down.”", "“Nuclear power must be shut down.”"),
        ("> *Editor’s note*: Ada Birch is a pilot.", "Editor’s note: Ada Birch is a pilot."),
        ("> — Ada Birch, The Gull, May", "— Ada Birch, The Gull, May"),
    ],
    ids=["the author's own sentence", "in marks already", "a note", "a name under a quotation"],
)
def test_a_block_quote_that_is_no_quotation_gets_no_marks(block, text):
    assert read_markdown("\n\n".join([BODY[0], block, *BODY[1:]])).text.split("\n")[1] == text


def test_a_piece_that_stands_in_block_quotes_as_a_whole_is_the_authors():
    text = "# Keep the ferry\n\n" + "\n>\n".join(f"> {paragraph}" for paragraph in BODY)
    assert read_markdown(text).text == "\n".join(BODY)


def test_the_first_heading_of_markdown_is_the_title():
    read = read_markdown("# Keep the *ferry*\n\n" + "\n\n".join(BODY))
    assert (read.title, read.text) == ("Keep the ferry", "\n".join(BODY))


def test_metadata_of_a_table_row_is_used_if_the_text_has_none():
    page = page_of(
        "\n".join(BODY),
        media_type="text/plain",
        title_hint="Keep the ferry",
        authors_hint=("Ada Birch",),
        outlet="The Gull",
    )
    article = extract_page(page)
    assert (article.title, article.authors, article.outlet) == ("Keep the ferry", ("Ada Birch",), "The Gull")


@pytest.mark.parametrize(
    "cell",
    [
        "Ada Birch and Li Wei",
        "Birch, Ada",
        "Ada Birch, Special to the Star",
        "Birch, Ada Q.",
        "Ada Birch, Jr.",
        "admin",
    ],
)
def test_a_row_of_a_table_has_the_same_authors_as_a_text_and_as_a_page(cell):
    text = extract_page(page_of("\n".join(BODY), media_type="text/plain", authors_hint=(cell,)))
    page = extract_page(page_of(html_of(BODY), authors_hint=(cell,)))
    assert text.authors == page.authors != (cell,)


@given(st.text(max_size=500))
def test_any_text_can_be_read(text):
    read_plain(text)
    read_markdown(text)
