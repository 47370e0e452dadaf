"""The load station: results of the other stations become rows, and a micro-batch of rows becomes one commit.

Names and types of columns are defined in ``warehouse.definitions.tables``; this module only assigns values to columns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any

import pyarrow as pa

from commentariat import AuditError
from models import RawScore
from tasks.article import Article
from tasks.classify import Scored
from tasks.dedupe.dedupe import Duplicate
from tasks.dedupe.minhash import ALGORITHM
from tasks.item import Item, Visit
from tasks.outcome import Outcome, printable
from tasks.targets.statement_hash import statement_hash
from warehouse import TABLES

Row = dict[str, Any]

_OF_STANCE = ("stance", "p_favor", "p_against", "p_neutral", "relevance", "about")
"""Fields of an answer that are columns of table ``stance`` under the same names."""

_ROWS_AT_A_TIME = 1_000


def arrow_tables(rows: Mapping[str, Iterable[Row]], run_id: str) -> dict[str, pa.Table]:
    """Make the Arrow tables for a commit, by table name; tables without rows are left out.

    Keys without a column in the table are dropped. Columns that no row has (the month of a label, for example) are
    filled by the warehouse.

    Raises
    ------
    AuditError
        When a value does not fit its column, for example a text that cannot be encoded as UTF-8. The stations before
        this one clean their texts, so this is their error. It is treated like the refusal of an audit, so that only the
        rows with such a value are left out.
    """
    tables = {}
    for name, table_rows in rows.items():
        parts = list(_parts(name, iter(table_rows)))
        if parts:
            table = pa.concat_tables(parts)
            table = table.append_column("run_id", pa.repeat(pa.scalar(run_id), table.num_rows))
            tables[name] = table.select(
                [field for field in TABLES[name].arrow.names if field in table.schema.names]
            )
    return tables


def _parts(name: str, rows: Iterator[Row]) -> Iterator[pa.Table]:
    """Convert the rows some at a time, because Arrow's converter needs more memory for them than their table does.

    Without the run: rows that were not committed, and are handed in again, have one already.
    """
    schema = None
    while part := list(islice(rows, _ROWS_AT_A_TIME)):
        if schema is None:
            columns = [field for field in TABLES[name].arrow if field.name in part[0]]
            schema = pa.schema([field for field in columns if field.name != "run_id"])
        try:
            yield pa.Table.from_pylist(part, schema=schema)
        except (ValueError, OverflowError) as error:
            raise AuditError(f"table {name}: {_which_does_not_fit(part, schema)}") from error


def _which_does_not_fit(rows: Iterable[Row], schema: pa.Schema) -> str:
    for row in rows:
        for field in schema:
            try:
                pa.array([row.get(field.name)], field.type)
            except (ValueError, OverflowError) as error:
                return f"a value does not fit the column {field.name}: {printable(str(error))[:200]}"
    return "a value does not fit its column"


def item_rows(items: Iterable[Item], at: datetime) -> list[Row]:
    """Rows of table ``item``: the discovered items, the time of discovery, and whether the text is on the disk."""
    return [_item_row(item) | {"discovered_at": at} for item in items]


def _item_row(item: Item) -> Row:
    stated = {"authors_hint": item.authors_hint or None, "modified_hint": item.listed_change}
    return asdict(item) | stated | {"is_local": item.location is not None}


def also_listed_rows(listed: Iterable[Row], at: datetime) -> list[Row]:
    """Rows of table ``also_listed``: the items that a source lists and another one brought, and the time of this."""
    return [row | {"listed_at": at} for row in listed]


def visit_rows(visits: Iterable[Visit]) -> list[Row]:
    """Rows of table ``visit``, from which the next conditional requests are made."""
    return [asdict(visit) for visit in visits]


def outcome_rows(outcomes: Iterable[Outcome], at: datetime, article_ids: Mapping[str, str]) -> list[Row]:
    """Rows of table ``outcome``; ``article_ids`` gives the article that a URL became or would have become."""
    return [
        asdict(outcome) | {"decided_at": at, "article_id": article_ids.get(outcome.url)}
        for outcome in outcomes
    ]


def article_rows(articles: Iterable[Article]) -> list[Row]:
    """Rows for both ``article`` and ``article_text``: each table takes its own columns from them."""
    return [asdict(article) | {"authors": list(article.authors)} for article in articles]


def band_rows(articles: Iterable[Article], bands: Mapping[str, Sequence[int]]) -> list[Row]:
    """Rows of table ``minhash_band``; ``bands`` gives the signature bands of an article by its id, if it has any."""
    return [
        {
            "article_id": article.article_id,
            "revision": article.revision,
            "algorithm": ALGORITHM,
            "band": band,
            "hash": value,
        }
        for article in articles
        for band, value in enumerate(bands.get(article.article_id, ()))
    ]


def duplicate_rows(copies: Iterable[Duplicate], at: datetime) -> list[Row]:
    """Rows of table ``duplicate``; an address that a batch held twice is not a copy and has no row.

    Parameters
    ----------
    at
        When the copies were recognised. A page of a web archive may have been fetched years before.
    """
    return [
        {
            "article_id": copy.article.article_id,
            "duplicate_of": copy.duplicate_of,
            "how": copy.how,
            "similarity": copy.similarity,
            "url": copy.article.url,
            "outlet": copy.article.outlet,
            "found_at": at,
        }
        for copy in copies
        if copy.how != "url"
    ]


def score_rows(
    scored: Iterable[Scored], model_version: str, taxonomy: str, *, weights_version: str | None
) -> dict[str, list[Row]]:
    """Rows of ``topic``, ``stance``, ``evidence``, ``scored``, ``raw_score`` and ``wording_score`` for readings.

    For every question that was asked there is a row of ``scored``, even if the answer is empty. A question without such
    a row is still due.

    Parameters
    ----------
    weights_version
        The weights under which the raw scores are stored, so that an answer can be decided again without its text; None
        for answers that were themselves decided from stored raw scores.
    """
    tables = ("topic", "stance", "evidence", "scored", "raw_score", "wording_score")
    rows: dict[str, list[Row]] = {name: [] for name in tables}
    for result in scored:
        article = {"article_id": result.assignment.article_id, "revision": result.assignment.revision}
        if result.assignment.with_topics:
            labels = {"model_version": model_version, "taxonomy": taxonomy}
            rows["topic"] += [
                article | labels | asdict(topic) | {"topic": topic.code} for topic in result.reading.topics
            ]
            rows["scored"].append(
                article
                | {"task": "topic", "target": "", "statement_hash": "", "model_version": model_version}
                | {"n_rows": len(result.reading.topics)}
            )
        for answer in result.reading.stances:
            asked = article | {
                "target": answer.target.id,
                "statement_hash": statement_hash(answer.target),
            }
            answered = asked | {"model_version": model_version}
            rows["stance"].append(answered | {name: getattr(answer, name) for name in _OF_STANCE})
            rows["evidence"] += [answered | asdict(evidence) for evidence in answer.evidence]
            rows["scored"].append(answered | {"task": "stance", "n_rows": 1})
            if weights_version is not None:
                read = asked | {"weights_version": weights_version}
                rows["raw_score"].append(read | _raw_row(answer.raw))
                rows["wording_score"] += [read | row for row in _wording_rows(answer.raw)]
    return rows


def _raw_row(raw: RawScore) -> Row:
    return {
        "screen": raw.screen,
        "sentence_start": [sentence.start for sentence in raw.sentences],
        "sentence_end": [sentence.end for sentence in raw.sentences],
        "sentence_score": [sentence.score for sentence in raw.sentences],
        "sentence_quoted": [sentence.quoted for sentence in raw.sentences],
    }


def _wording_rows(raw: RawScore) -> list[Row]:
    return [
        {
            "wording_number": number,
            "wording": score.wording.statement,
            "denied": score.wording.denied,
            "favor": score.favor,
            "against": score.against,
            "neutral": score.neutral,
            "about": score.about,
        }
        for number, score in enumerate(raw.wordings)
    ]
