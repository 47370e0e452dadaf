"""Rows that an audit rejects: only these are left out of a micro-batch, and the rest is stored."""

import asyncio
from collections.abc import Mapping, Sequence

from prefect import get_run_logger

from commentariat import AuditError
from flows.night.configured_models import model_rows
from flows.night.opening import Night
from tasks.article import Article
from tasks.dedupe.dedupe import Duplicate
from tasks.load import Row
from tasks.stations import load_station


async def load_without_rejected(
    night: Night,
    name: str,
    articles: Sequence[Article],
    duplicates: Sequence[Duplicate],
    rows: Mapping[str, list[Row]],
) -> list[Article]:
    """Find the rows of a micro-batch that an audit rejects, so that only these are left out and the rest is kept.

    Returns
    -------
    list
        The copies of rejected articles. Nothing of them has been stored yet: no outcome and no visit.
    """
    reasons: dict[str, str] = {}
    of_articles = [table for table in rows if table not in ("model", "visit", "outcome", "duplicate")]
    for article in articles:
        its_rows = {
            table: [row for row in rows[table] if row["article_id"] == article.article_id]
            for table in of_articles
        }
        its_rows["model"] = await asyncio.to_thread(model_rows, night)
        if reason := await _why_rejected(night, f"{name} {article.article_id}", its_rows):
            reasons[article.article_id] = reason
    rejected = {a.item_url: reasons[a.article_id] for a in articles if a.article_id in reasons}
    copies = [copy.article for copy in duplicates if copy.duplicate_of in reasons]
    waiting = {copy.item_url for copy in copies}
    rest = {
        "visit": [row for row in rows["visit"] if row["url"] not in waiting],
        "outcome": [
            _rejected(row, rejected[row["url"]]) if row["url"] in rejected else row
            for row in rows["outcome"]
            if row["url"] not in waiting
        ],
        "duplicate": [row for row in rows["duplicate"] if row["duplicate_of"] not in reasons],
    }
    if await _why_rejected(night, f"{name} rest", rest):
        await _load_rest_one_by_one(night, f"{name} rest", rest)
    return copies


async def _load_rest_one_by_one(night: Night, name: str, rest: Mapping[str, list[Row]]) -> None:
    """Store the outcomes, copies and visits that can be stored; at the end each address has an outcome."""
    for number, outcome in enumerate(rest["outcome"], start=1):
        copies = [row for row in rest["duplicate"] if row["article_id"] == outcome["article_id"]]
        if outcome["outcome"] != "duplicate":
            copies = []
        if reason := await _why_rejected(
            night, f"{name} {number}", {"outcome": [outcome], "duplicate": copies}
        ):
            only = {"outcome": [_rejected(outcome, reason)]}
            await load_station(f"{name} {number} rejected", night.writer, only)
    for number, visit in enumerate(rest["visit"], start=1):
        if reason := await _why_rejected(night, f"{name} visit {number}", {"visit": [visit]}):
            # If the visit is not stored, the next request is not conditional. Nothing else changes.
            get_run_logger().warning("the visit of %s is not remembered: %s", visit["url"], reason)


async def _why_rejected(night: Night, name: str, rows: Mapping[str, list[Row]]) -> str:
    """Commit rows, or return the reason why an audit rejects them."""
    try:
        await load_station(name, night.writer, rows)
    except AuditError as error:
        return str(error)
    return ""


def _rejected(outcome: Row, reason: str) -> Row:
    return outcome | {"outcome": "rejected", "stage": "load", "reason": reason}
