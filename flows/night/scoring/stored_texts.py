"""The texts of stored articles, for steps that hold only the keys of the articles until they need the texts."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import pyarrow as pa

from tasks.asked_article import AskedArticle
from warehouse import Writer

_Asked = TypeVar("_Asked", bound=AskedArticle)


def with_texts(writer: Writer, articles: Sequence[_Asked]) -> list[_Asked]:
    """Look up title, text and language of articles; articles that were taken down meanwhile are left out."""
    rows = writer.query_file("texts", tables={"incoming": keys_of(articles)}).to_pylist()
    texts = {(row["article_id"], row["revision"]): row for row in rows}
    return [
        replace(article, title=row["title"], text=row["text"], language=row["language"])
        for article in articles
        if (row := texts.get(article.key)) is not None
    ]


def keys_of(articles: Iterable[AskedArticle]) -> pa.Table:
    """Give article and revision as a table, for queries that join it."""
    keys = [article.key for article in articles]
    return pa.table(
        {
            "article_id": pa.array([article_id for article_id, _ in keys], pa.string()),
            "revision": pa.array([revision for _, revision in keys], pa.int32()),
        }
    )
