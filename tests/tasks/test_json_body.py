"""If a page shows only a part of an article, and its JSON-LD holds the whole, the whole is read."""

from __future__ import annotations

import json

import pytest

from tasks.article import Article
from tasks.extract.extract import explain_page
from tests.tasks.pages import html_of, page_of, prose

BODY = prose(8)


def article_of_page(shown: list[str], stated: str, after: str = "") -> Article:
    data = json.dumps({"@type": "NewsArticle", "articleBody": stated})
    script = f'<script type="application/ld+json">{data}</script>'
    article = explain_page(page_of(html_of(shown, head=script, after=after))).article
    assert article is not None
    return article


@pytest.mark.parametrize(
    "stated",
    [
        "\n".join(BODY),
        "".join(f"<p>{one}</p>" for one in BODY),
        "".join(f"&lt;p&gt;{one}&lt;/p&gt;" for one in BODY),
    ],
    ids=["lines", "tags", "escaped tags"],
)
@pytest.mark.parametrize("hidden", ['<div style="display:none">{}</div>', "<aside>{}</aside>", ""])
def test_the_hidden_part_of_a_page_is_read_from_its_data(stated: str, hidden: str) -> None:
    rest = "".join(f"<p>{one}</p>" for one in BODY[3:])
    article = article_of_page(BODY[:3], stated, hidden.format(rest))
    assert article.text.split("\n") == BODY


def test_paragraphs_that_a_template_joined_are_parted() -> None:
    assert article_of_page(BODY[:3], "".join(BODY)).text.split("\n") == BODY


@pytest.mark.parametrize(
    "stated",
    ["\n".join(prose(20, seed=9)), "\n".join([*BODY, "Subscribe to our letter."])],
    ids=["another text", "hardly more"],
)
def test_the_text_on_the_page_is_kept_if_the_data_hold_no_more_of_it(stated: str) -> None:
    assert article_of_page(BODY, stated).text.split("\n") == BODY
