"""If a page shows only a part of an article, and its JSON-LD holds the whole, the whole is read."""

from __future__ import annotations

import json

import pytest

from tasks.article import Article
from tasks.extract.body.json_body import WHOLE_TIMES
from tasks.extract.explanation import Explanation
from tasks.extract.extract import explain_page
from tests.tasks.pages import html_of, page_of, prose

BODY = prose(8)


def explained(shown: list[str], stated: str, after: str = "", **fields: object) -> Explanation:
    author = {"@type": "Person", "name": "Jane Doe"}
    data = json.dumps({"@type": "NewsArticle", "author": author, "articleBody": stated, **fields})
    script = f'<script type="application/ld+json">{data}</script>'
    return explain_page(page_of(html_of(shown, head=script, after=after)))


def article_of_page(shown: list[str], stated: str, after: str = "", **fields: object) -> Article:
    article = explained(shown, stated, after, **fields).article
    assert article is not None
    return article


@pytest.mark.parametrize(
    "stated",
    [
        "\n".join(BODY),
        "".join(f"<p>{one}</p>" for one in BODY),
        "".join(f"&lt;p&gt;{one}&lt;/p&gt;" for one in BODY),
        "".join(f"<P>{one}</P>" for one in BODY),
        "".join(f"<div>{one}</div>" for one in BODY),
        "<br><br>".join(BODY),
        "&lt;br /&gt;".join(BODY),
        "\n".join(BODY).replace(" streets", ' <a href="/quay"><em>streets</em></a>'),
    ],
    ids=["lines", "tags", "escaped tags", "large tags", "divisions", "breaks", "escaped breaks", "links"],
)
@pytest.mark.parametrize("hidden", ['<div style="display:none">{}</div>', "<aside>{}</aside>", ""])
def test_the_hidden_part_of_a_page_is_read_from_its_data(stated: str, hidden: str) -> None:
    rest = "".join(f"<p>{one}</p>" for one in BODY[3:])
    article = article_of_page(BODY[:3], stated, hidden.format(rest))
    assert article.text.split("\n") == BODY


def test_signs_that_are_no_tags_stay_in_the_text_of_the_data() -> None:
    own = "Nobody should have to write <p> for a paragraph, or 3 < 5 and 5 > 3, in the year 2026, whatever it costs."
    assert article_of_page(BODY[:3], "\n".join([*BODY, own])).text.split("\n") == [*BODY, own]


def test_paragraphs_that_a_template_joined_are_parted() -> None:
    assert article_of_page(BODY[:3], "".join(BODY)).text.split("\n") == BODY


def test_paragraphs_in_one_line_are_parted_as_on_the_page() -> None:
    text = article_of_page(BODY[:5], " ".join(BODY)).text.split("\n")
    assert text == [*BODY[:5], " ".join(BODY[5:])]


APPEALS = (
    "Jane Doe is a teacher who lives on the east bank and writes a column about the river for this paper every second"
    " week. Sign up for our newsletter The Tide, which brings the best of our opinion pages to your inbox every"
    " morning, and follow us on Facebook. The views expressed are those of the author. Send letters to"
    " letters@gull.example with your name and street."
)


def test_clean_paragraphs_are_kept_if_the_data_add_only_biography_and_appeals() -> None:
    shown = prose(6, sentences=2)
    stated = " ".join([*shown, APPEALS])
    assert len(stated.split()) / len(" ".join(shown).split()) > WHOLE_TIMES
    assert article_of_page(shown, stated).text.split("\n") == shown


def test_paragraphs_are_kept_if_those_of_the_data_cannot_be_told_apart() -> None:
    shown = [one.replace(",", ";") for one in BODY[:5]]
    assert article_of_page(shown, " ".join(BODY)).text.split("\n") == shown


@pytest.mark.parametrize(
    "stated",
    ["\n".join(prose(20, seed=9)), "\n".join([*BODY, "Subscribe to our letter."])],
    ids=["another text", "hardly more"],
)
def test_the_text_on_the_page_is_kept_if_the_data_hold_no_more_of_it(stated: str) -> None:
    assert article_of_page(BODY, stated).text.split("\n") == BODY


WALL = "<p>Subscribe to continue reading.</p>"


@pytest.mark.parametrize("shown", [BODY[:1], BODY[:3]], ids=["little", "more"])
def test_a_text_behind_a_paywall_is_not_read_from_the_data(shown: list[str]) -> None:
    outcome = explained(shown, "\n".join(BODY), WALL, isAccessibleForFree=False).outcome
    assert outcome is not None
    assert (outcome.outcome, "a paywall" in (outcome.reason or "")) == ("low_quality", True)


def test_the_extractors_do_not_read_the_data_of_a_page_that_is_not_free_and_shows_hardly_any_text() -> None:
    explanation = explained([BODY[0][:200]], "\n".join(BODY), WALL, isAccessibleForFree=False)
    assert explanation.outcome is not None
    assert explanation.article is not None
    assert BODY[5] not in explanation.article.text


@pytest.mark.parametrize("plus", ["+", "&#x2B;", "&#43;"])
def test_the_data_of_a_page_that_is_not_free_and_shows_no_text_are_not_read_whatever_their_type_looks_like(
    plus: str,
) -> None:
    data = json.dumps({"@type": "NewsArticle", "articleBody": "\n".join(BODY), "isAccessibleForFree": False})
    head = f'<title>Harbour</title><script type="application/ld{plus}json">{data}</script>'
    explanation = explain_page(page_of(f"<html><head>{head}</head><body></body></html>"))
    assert explanation.outcome is not None
    assert explanation.article is not None
    assert BODY[0] not in explanation.article.text


@pytest.mark.parametrize("free", [True, "True", None])
def test_a_text_is_read_from_the_data_of_a_page_that_does_not_say_that_it_is_not_free(free: object) -> None:
    assert article_of_page(BODY[:3], "\n".join(BODY), isAccessibleForFree=free).text.split("\n") == BODY


def test_a_page_that_is_not_free_and_shows_all_of_its_text_is_read() -> None:
    explanation = explained(BODY, "\n".join(BODY), isAccessibleForFree=False)
    assert explanation.outcome is None
    assert explanation.article is not None
    assert explanation.article.text.split("\n") == BODY
