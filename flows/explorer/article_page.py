"""The page of an article: its text with the evidence marked, its answers, topics, copies and revisions."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from commentariat import CommentariatError
from flows.explorer.changes import changes
from flows.explorer.filters import Filter
from flows.explorer.highlight import Mark, paragraphs
from flows.explorer.view_sql import view_sql
from models.quotes import quoted_spans
from warehouse import Reader
from warehouse.querying.plain_values import Row, query_rows


class NotStoredError(CommentariatError):
    """The article or question of an address is not in the warehouse, or not any more."""


def article_page(reader: Reader, article_id: str, revision: int | None, chosen: Filter) -> dict[str, Any]:
    """Gather the contents of the page of an article. No answer to an earlier revision counts, and it shows its own.

    Parameters
    ----------
    revision
        The revision to show; None for the latest.
    chosen
        The filter of the page from which the person comes; if it names targets, only their evidence is marked.

    Raises
    ------
    NotStoredError
        When there is no such article or revision.
    """
    sql = {"article": view_sql("article", article_id=article_id)}
    revisions = query_rows(reader, sql["article"])
    article = _revision(revisions, article_id, revision)
    of = {"article_id": article_id, "revision": article["revision"]}
    sql["text"] = view_sql("text", **of, month=article["month"])
    is_latest = article["revision"] == revisions[0]["revision"]
    for name in ("stances", "evidence", "topics"):
        sql[name] = view_sql(f"article_{name}", **of, is_latest=is_latest)
    sql["copies"] = view_sql("article_copies", article_id=article_id)
    text = _text(reader, sql["text"])
    stances, evidence = query_rows(reader, sql["stances"]), query_rows(reader, sql["evidence"])
    shown = [row for row in stances if row["is_shown"]]
    marks = _marks(_evidence_of(shown, evidence, chosen))
    return {
        "chosen": chosen,
        "sql": sql,
        "article": article,
        "revisions": revisions,
        "text": text,
        "paragraphs": paragraphs(text["text"], marks, quoted_spans(text["text"])),
        "marks": marks,
        "is_latest": is_latest,
        "about": [row for row in shown if row["about"]],
        "silent": [row for row in shown if not row["about"]],
        "others": [row for row in stances if not row["is_shown"]],
        "topics": query_rows(reader, sql["topics"]),
        "copies": query_rows(reader, sql["copies"]),
    }


def compared(reader: Reader, article_id: str, before: int, after: int) -> dict[str, Any]:
    """Gather the changes in an article between two revisions.

    Raises
    ------
    NotStoredError
        When there is no such article or revision.
    """
    revisions = query_rows(reader, view_sql("article", article_id=article_id))
    old, new = (_revision(revisions, article_id, number) for number in (before, after))
    sql = {
        name: view_sql("text", article_id=article_id, revision=row["revision"], month=row["month"])
        for name, row in (("before", old), ("after", new))
    }
    texts = [_text(reader, sql[name]) for name in ("before", "after")]
    return {
        "sql": sql,
        "before": old,
        "after": new,
        "revisions": revisions,
        "title": changes(*(row["title"] or "" for row in (old, new))),
        "body": changes(*(text["text"] for text in texts)),
        "same": texts[0]["text"] == texts[1]["text"] and old["title"] == new["title"],
    }


def stored(reader: Reader, article_id: str, revision: int) -> tuple[Row, Row]:
    """Give an article as it was at a revision, and its text.

    Raises
    ------
    NotStoredError
        When there is no such article or revision.
    """
    article = _revision(query_rows(reader, view_sql("article", article_id=article_id)), article_id, revision)
    of = {"article_id": article_id, "revision": revision, "month": article["month"]}
    return article, _text(reader, view_sql("text", **of))


def _revision(revisions: list[Row], article_id: str, number: int | None) -> Row:
    if not revisions:
        raise NotStoredError(f"no article {article_id!r} is stored; it may have been taken down meanwhile")
    if number is None:
        return revisions[0]
    revision = next((row for row in revisions if row["revision"] == number), None)
    if revision is None:
        raise NotStoredError(
            f"of this article {len(revisions)} revisions are stored, and none is number {number}"
        )
    return revision


def _text(reader: Reader, sql: str) -> Row:
    rows = query_rows(reader, sql)
    if not rows:
        raise NotStoredError(
            "the text of this article is not there: `commentariat verify` finds what is missing"
        )
    return rows[0]


def _evidence_of(answers: list[Row], evidence: list[Row], chosen: Filter) -> list[Row]:
    """Give the evidence of the answers shown, on the targets that the filter names, if it names any."""
    key = itemgetter("target", "statement_hash", "model_version")
    shown = {key(row) for row in answers if not chosen.targets or row["target"] in chosen.targets}
    return [row for row in evidence if key(row) in shown]


def _marks(evidence: list[Row]) -> list[Mark]:
    """Give each evidence sentence a number, in the order of the text."""
    return [
        Mark(n, row["start"], row["end"], row["target"], row["stance"], row["quoted"])
        for n, row in enumerate(evidence, start=1)
    ]
