"""The load station: what the other stations hand on becomes rows, and a micro-batch of rows becomes one commit.

Names and types of columns live in ``warehouse.tables``; this module only says what goes where.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pyarrow as pa

from tasks.article import Article
from tasks.classify import Scored
from tasks.item import Item, Visit
from tasks.outcome import Outcome
from warehouse import TABLES

Row = dict[str, Any]


def arrow_tables(rows: Mapping[str, Iterable[Row]], run_id: str) -> dict[str, pa.Table]:
    """Make the Arrow tables that a commit takes, by table name; tables without rows are left out.

    Keys that a table has no column for are dropped; columns that no row has (the month of an article, say) are left
    to the warehouse to fill.

    Raises
    ------
    pyarrow.ArrowInvalid
        When a value does not fit its column: a slip in this module, never in the data.
    """
    tables = {}
    for name, some in rows.items():
        listed = [row | {"run_id": run_id} for row in some]
        if listed:
            schema = pa.schema([field for field in TABLES[name].arrow if field.name in listed[0]])
            tables[name] = pa.Table.from_pylist(listed, schema=schema)
    return tables


def statement_hash(statement: str) -> str:
    """Name a wording of a target in 16 hex digits: a changed wording is another question and is asked anew."""
    return hashlib.sha256(" ".join(statement.split()).encode()).hexdigest()[:16]


def item_rows(items: Iterable[Item], at: datetime) -> list[Row]:
    """Rows of table ``item``: what was discovered, and when."""
    return [asdict(item) | {"discovered_at": at} for item in items]


def visit_rows(visits: Iterable[Visit]) -> list[Row]:
    """Rows of table ``visit``: what the next conditional request is made of."""
    return [asdict(visit) for visit in visits]


def outcome_rows(outcomes: Iterable[Outcome], at: datetime, article_ids: Mapping[str, str]) -> list[Row]:
    """Rows of table ``outcome``; ``article_ids`` says which article a URL became or would have become."""
    return [
        asdict(outcome) | {"decided_at": at, "article_id": article_ids.get(outcome.url)}
        for outcome in outcomes
    ]


def article_rows(articles: Iterable[Article]) -> list[Row]:
    """Rows that serve both ``article`` and ``article_text``: each table takes the columns it has."""
    return [asdict(article) | {"authors": list(article.authors)} for article in articles]


def score_rows(scored: Iterable[Scored], model_version: str, taxonomy: str) -> dict[str, list[Row]]:
    """Rows of ``topic``, ``stance``, ``evidence`` and ``scored`` for a micro-batch of readings.

    A row of ``scored`` is written for every question asked, also where the answer is empty: what is missing there is
    the work that is still to do.
    """
    rows: dict[str, list[Row]] = {"topic": [], "stance": [], "evidence": [], "scored": []}
    for one in scored:
        article = {
            "article_id": one.assignment.article_id,
            "revision": one.assignment.revision,
            "model_version": model_version,
        }
        if one.assignment.with_topics:
            rows["topic"] += [
                article | asdict(topic) | {"topic": topic.code, "taxonomy": taxonomy}
                for topic in one.reading.topics
            ]
            topics_asked = {"task": "topic", "target": "", "statement_hash": ""}
            rows["scored"].append(article | topics_asked | {"n_rows": len(one.reading.topics)})
        for answer in one.reading.stances:
            asked = article | {
                "target": answer.target.id,
                "statement_hash": statement_hash(answer.target.statement),
            }
            rows["stance"].append(
                asked
                | {
                    "stance": answer.stance,
                    "p_favor": answer.p_favor,
                    "p_against": answer.p_against,
                    "p_neutral": answer.p_neutral,
                    "relevance": answer.relevance,
                    "about": answer.about,
                }
            )
            rows["evidence"] += [asked | asdict(evidence) for evidence in answer.evidence]
            rows["scored"].append(asked | {"task": "stance", "n_rows": 1})
    return rows
