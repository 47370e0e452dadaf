"""The numbers of footnotes are no words of the author."""

from __future__ import annotations

import pytest

from tasks.extract.extract import explain_page
from tests.tasks.pages import html_of, page_of, prose

BODY = prose(8)


def text_with(mark: str) -> list[str]:
    page = html_of([f"{BODY[0]}{mark}", BODY[1].replace(".", f".{mark}"), *BODY[2:]])
    article = explain_page(page_of(page)).article
    assert article is not None
    return article.text.split("\n")


@pytest.mark.parametrize(
    "mark",
    [
        '<sup><a href="#fn1">1</a></sup>',
        '<sup id="ref2"><a href="#fn:2" rel="footnote">[2]</a></sup>',
        '<a class="footnote-anchor" id="footnote-anchor-1" href="#footnote-1" target="_self">1</a>',
        '<a href="#_ftn1" name="_ftnref1">[1]</a>',
        '[<a href="#_ftn1">1</a>]',
        '<sup>[<a href="#_ftn1">1</a>]</sup>',
        '<a href="https://gull.example/2026/harbour#note-3"><sup>3</sup></a>',
        '<a href="https://gull.example/2026/harbour#footnote-3-17">3</a>',
        '<sup><a href="https://tern.example/tables#row7">4</a></sup>',
        '<sup><a href="#fn1">1</a>, <a href="#fn2">2</a></sup>',
    ],
)
def test_the_number_of_a_footnote_is_no_part_of_the_text(mark: str) -> None:
    assert text_with(mark) == BODY


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (' In <a href="/b">1984</a>.', " In 1984."),
        (" H<sub>2</sub>O.", " H2O."),
        (' <a href="#part">2</a> parts.', " 2 parts."),
        (' In John 3:<a href="https://tern.example/john#v16">16</a> too.', " In John 3:16 too."),
        (' It cost $<a href="#table">500</a> a head.', " It cost $500 a head."),
        (' See part&nbsp;<a href="#part">2</a> too.', " See part 2 too."),
    ],
)
def test_a_number_that_leads_to_no_footnote_stays(words: str, text: str) -> None:
    assert text_with(words)[0] == BODY[0] + text
