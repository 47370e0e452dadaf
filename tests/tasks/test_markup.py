"""HTML in texts that are declared to be plain."""

import json
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


def test_a_row_with_html_is_read_like_a_page(tmp_path: Path):
    file = tmp_path / "a.jsonl"
    row = json.dumps({"id": 1, "title": "Keep the ferry", "text": TAGGED}).encode()
    file.write_bytes(row)
    content = read_local(f"{file.as_uri()}#bytes=0-{len(row)}", 100_000)
    page = page_of(content.body, media_type=content.media_type, title_hint="Keep the ferry")
    article = extract_page(page)
    assert (article.title, article.text.split("\n")) == ("Keep the ferry", BODY)
