"""The texts of stored articles, for steps that hold only the keys of the articles until they need the texts."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import pyarrow as pa

from tasks.classify import Assignment
from tasks.second_model.ask import Inquiry
from warehouse import Writer

WithText = TypeVar("WithText", Assignment, Inquiry)


def with_texts(writer: Writer, pieces: Sequence[WithText]) -> list[WithText]:
    """Look up title, text and language of articles; articles that were taken down meanwhile are left out."""
    rows = writer.query_file("texts", tables={"incoming": keys_of(pieces)}).to_pylist()
    texts = {(row["article_id"], row["revision"]): row for row in rows}
    return [
        replace(piece, title=row["title"], text=row["text"], language=row["language"])
        for piece in pieces
        if (row := texts.get(piece.key)) is not None
    ]


def keys_of(pieces: Iterable[Assignment | Inquiry]) -> pa.Table:
    """Give article and revision as a table, for queries that join it."""
    keys = [piece.key for piece in pieces]
    return pa.table(
        {
            "article_id": pa.array([article_id for article_id, _ in keys], pa.string()),
            "revision": pa.array([revision for _, revision in keys], pa.int32()),
        }
    )
