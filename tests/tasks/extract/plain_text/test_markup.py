"""HTML in texts that are declared to be plain."""

import json
import textwrap
from html import unescape
from pathlib import Path

import pytest

from tasks.extract.extract import extract_page
from tasks.fetch.files import read_local
from tests.tasks.pages import page_of, prose

BODY = prose(6)
TAGGED = "".join(f"<p>{one}</p>" for one in BODY)


@pytest.mark.parametrize(
    "text",
    [
        TAGGED,
        "\n".join(f"<p>{one}" for one in BODY),
        "\n".join(f'<div class="x">{one}</div>' for one in BODY),
        "<br><br>".join(BODY),
        "\n\n".join(BODY[:3]) + "<br />\n<br />\n" + "\n\n".join(BODY[3:]),
        TAGGED.replace("<", "&lt;").replace(">", "&gt;"),
        f"<!-- saved -->\n<html><body><article>{TAGGED}</article></body></html>",
        "\n\n".join(BODY).replace(" streets", " <em>streets</em>"),
    ],
    ids=["p", "open p", "div", "br", "br and blank lines", "escaped", "a whole page", "inline"],
)
def test_tags_in_a_plain_text_are_not_part_of_it(text: str):
    article = extract_page(page_of(text, media_type="text/plain"))
    assert article.text.split("\n") == BODY
    assert article.quality == 1.0


def test_the_items_of_a_list_and_the_head_stay():
    items = ["We need inspectors", "We need an index"]
    listed = "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
    text = f"<h1>Keep the ferry</h1><p>By Ada Birch</p><p>{BODY[0]}</p>{listed}" + TAGGED.split("</p>", 1)[1]
    article = extract_page(page_of(text, media_type="text/plain"))
    assert (article.title, article.authors) == ("Keep the ferry", ("Ada Birch",))
    assert article.text.split("\n") == [BODY[0], *items, *BODY[1:]]


def test_references_are_resolved_if_there_are_several():
    text = "\n\n".join([f"&ldquo;{BODY[0]}&rdquo;", BODY[1].replace(", ", ",&nbsp;"), *BODY[2:]])
    article = extract_page(page_of(text, media_type="text/plain"))
    assert article.text.split("\n") == [f"“{BODY[0]}”", *BODY[1:]]


def test_a_text_about_html_keeps_a_single_tag_and_a_single_reference():
    about = "Nobody should have to write <p> for a paragraph, or &amp; for a sign, in the year 2026."
    article = extract_page(page_of("\n\n".join([*BODY, about]), media_type="text/plain"))
    assert article.text.split("\n")[-1] == about


@pytest.mark.parametrize(
    "about",
    [
        "We wrote <p> before a paragraph and <br> after a line, and <br> after the next one, and another <p>.",
        "Every page is a <div> inside a <div> inside a <div>\nand nobody minds a <div> inside a <div>",
        "<p> is a paragraph, as I have said.\n<div> is a part of a page, as I have said.",
        "We wrote &lt;p&gt;this&lt;/p&gt;\n&lt;p&gt;and that&lt;/p&gt;",
    ],
    ids=["in a sentence", "at the end of lines", "at the beginning of lines", "escaped"],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_text_about_html_keeps_the_words_of_its_author(about: str, between: str):
    text = between.join(["Why the web is heavy", *BODY[:3], about, *BODY[3:]])
    article = extract_page(page_of(text, media_type="text/plain"))
    assert article.title == "Why the web is heavy"
    # References such as &lt; are resolved.
    assert article.text.split("\n") == [*BODY[:3], *unescape(about).split("\n"), *BODY[3:]]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize(
    "tagged",
    [
        [f"<p>{BODY[2]}</p>", f"<p>{BODY[3]}</p>"],
        [f"{BODY[2]}<br />", f"{BODY[3]}<br />"],
        [f"<div>{BODY[2]}</div>", BODY[3]],
    ],
    ids=["p", "br", "div"],
)
def test_lines_without_tags_stay_paragraphs_and_a_headline_above_them_is_the_title(
    tagged: list[str], between: str
):
    text = between.join(["Keep the ferry", *BODY[:2], *tagged, *BODY[4:]])
    article = extract_page(page_of(text, media_type="text/plain"))
    assert (article.title, article.text.split("\n")) == ("Keep the ferry", BODY)


def test_a_headline_above_tags_is_the_title():
    for head in ("Keep the ferry\n", "Keep the ferry\n\n", "Opinion\nKeep the ferry\n"):
        article = extract_page(page_of(head + TAGGED, media_type="text/plain"))
        assert (article.title, article.text.split("\n")) == ("Keep the ferry", BODY)


def test_wrapped_lines_inside_and_outside_of_tags_are_joined():
    wrapped = [textwrap.fill(one, 72) for one in BODY]
    tagged = "\n".join(f"<p>{one}</p>" for one in wrapped[:4])
    for text in (f"{tagged}\n{wrapped[4]}\n\n{wrapped[5]}", "\n".join(f"<p>{one}" for one in wrapped)):
        article = extract_page(page_of(text, media_type="text/plain"))
        assert article.text.split("\n") == BODY


def test_a_row_with_html_is_read_like_a_page(tmp_path: Path):
    file = tmp_path / "a.jsonl"
    row = json.dumps({"id": 1, "title": "Keep the ferry", "text": TAGGED}).encode()
    file.write_bytes(row)
    content = read_local(f"{file.as_uri()}#bytes=0-{len(row)}", 100_000)
    page = page_of(content.body, media_type=content.media_type, title_hint="Keep the ferry")
    article = extract_page(page)
    assert (article.title, article.text.split("\n")) == ("Keep the ferry", BODY)
