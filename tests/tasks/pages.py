"""Pages, texts and articles for the tests of extract and dedupe; every sentence is made up."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

from tasks.addresses.urls import article_id
from tasks.article import Article
from tasks.item import Item
from tasks.page import Page
from tasks.text.prose import count_words, text_hash

READ_AT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)

_SUBJECTS = [
    "the council",
    "our ferry",
    "a carbon price",
    "the new school",
    "every landlord",
    "the minister",
    "my neighbour",
    "this harbour",
]
_VERBS = [
    "should pay for",
    "has never understood",
    "will one day regret",
    "cannot do without",
    "ought to listen to",
    "is afraid of",
]
_OBJECTS = [
    "cheaper housing",
    "the people it serves",
    "slow and patient work",
    "a rule that everyone can read",
    "the cost of delay",
]
_ENDINGS = [
    "whatever the papers say",
    "before the winter comes",
    "as long as nobody measures it",
    "and that is no accident",
]


def prose(paragraphs: int = 8, seed: int = 1, sentences: int = 4) -> list[str]:
    """Make paragraphs of different, grammatical English sentences of about 17 words each."""
    chance = random.Random(seed)

    def sentence() -> str:
        words = [chance.choice(part) for part in (_SUBJECTS, _VERBS, _OBJECTS, _ENDINGS)]
        number = chance.randint(2, 999)
        return f"{words[0].capitalize()} {words[1]} {words[2]} in {number} streets, {words[3]}."

    return [" ".join(sentence() for _ in range(sentences)) for _ in range(paragraphs)]


def html_of(
    paragraphs: list[str],
    *,
    title: str = "The harbour is not for sale",
    head: str = "",
    before: str = "",
    after: str = "",
    lang: str = "en",
) -> str:
    """Put paragraphs into an ordinary article page."""
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} | The Gull</title>{head}</head>'
        f'<body><nav><a href="/">Home</a> <a href="/news">News</a> <a href="/sport">Sport</a></nav>'
        f"<main><article><h1>{title}</h1>{before}{body}{after}</article></main>"
        f"<footer><p>The Gull, Quay Street 1</p></footer></body></html>"
    )


def page_of(
    body: bytes | str | None,
    *,
    media_type: str = "text/html",
    charset: str | None = None,
    url: str = "https://gull.example/2026/harbour",
    **item: object,
) -> Page:
    """Make a page from a body, as the fetch station does."""
    content = body.encode() if isinstance(body, str) else body
    base = Item(url=url, article_id=article_id(url), source="gull")
    return Page(
        item=replace(base, **item),  # type: ignore[arg-type]
        body=content,
        media_type=media_type,
        charset=charset,
        http_status=200,
        final_url=url,
        etag=None,
        last_modified=None,
        not_modified=False,
        elapsed=0.1,
        fetched_at=READ_AT,
    )


def article_of(
    text: str, url: str, *, published_at: datetime | None = None, outlet: str = "The Gull"
) -> Article:
    """Make an article from a text, as the extract station does."""
    return Article(
        article_id=article_id(url),
        revision=1,
        text_hash=text_hash(text),
        url=url,
        item_url=url,
        source="gull",
        outlet=outlet,
        title=None,
        subtitle=None,
        authors=(),
        language="en",
        kind="opinion",
        kind_signal=None,
        section=None,
        published_at=published_at,
        modified_at=None,
        fetched_at=READ_AT,
        word_count=count_words(text),
        quality=1.0,
        quality_flags=(),
        text=text,
        note=None,
        caption=None,
        extractor="plain text",
    )
