"""Scoring: find topics and stances of the new articles of a batch. Stored articles without answers are the backlog."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pyarrow as pa

from commentariat import AuditError
from flows.night.intake import ExtractedBatch
from flows.night.opening import Night
from flows.night.refused import load_without_refused
from flows.night.run import Run
from flows.night.whose_answers import model_rows
from models import Target
from tasks.article import Article, Kind
from tasks.classify import Assignment, Scored
from tasks.dedupe.dedupe import Deduped
from tasks.item import Visit
from tasks.load import Row, arrow_tables, article_rows, outcome_rows, score_rows, visit_rows
from tasks.outcome import Outcome
from tasks.stations import dedupe_station, load_station, skip_prefect_scan
from warehouse.overtaken import still_to_add

OPINION_FROM = 0.5


async def score_and_load(night: Night, extracted: ExtractedBatch) -> None:
    """Keep the new articles of a micro-batch, classify them, and commit everything at once."""
    number = extracted.batch.number
    article_ids = {item.url: item.article_id for item in extracted.batch.items}
    article_ids |= {article.item_url: article.article_id for article in extracted.articles}
    numbers = {item.url: item.row for item in extracted.batch.items}
    articles, outcomes, visits = extracted.articles, extracted.outcomes, extracted.visits
    name = f"batch {number:04d}"
    known: dict[tuple[str, int], Scored] = {}
    while True:
        news = await _news(night, number, articles, visits)
        deduped = news.deduped
        fresh = [*deduped.new, *deduped.revised]
        unread = [article for article in fresh if _key(article) not in known]
        assignments = [_assignment(article, night.targets) for article in unread]
        read = await night.classifier_pool.classify(name, assignments)
        known |= {(one.assignment.article_id, one.assignment.revision): one for one in read}
        scored = [known[_key(article)] for article in fresh if _key(article) in known]
        fresh = _with_kind(fresh, scored)
        stored = article_rows(fresh)
        ended = [
            _with_its_row(outcome, numbers.get(outcome.url))
            for outcome in (*outcomes, *news.turned_away, *deduped.outcomes)
        ]
        rows: dict[str, list[Row]] = await asyncio.to_thread(rows_of_scored, night, scored)
        rows |= {
            "article": stored,
            "article_text": stored,
            "minhash_band": list(deduped.band_rows),
            "duplicate": deduped.duplicate_rows,
            "visit": visit_rows(news.visits),
            "outcome": outcome_rows(ended, datetime.now(UTC), article_ids),
        }
        try:
            await load_station(name, skip_prefect_scan(night.writer), skip_prefect_scan(rows))
        except AuditError:
            if await _news(night, number, articles, visits) != news:
                continue  # another machine has committed or taken down some of it meanwhile
            copies = await load_without_refused(night, name, fresh, deduped.duplicates, rows)
        else:
            return
        if not copies:
            return
        # The article that they copy is not stored. They are compared again, as if that article had not come.
        waiting = {copy.item_url for copy in copies}
        visits = [visit for visit in visits if visit.url in waiting]
        articles, outcomes, name = copies, [], f"{name} again"


def _with_its_row(outcome: Outcome, number: int | None) -> Outcome:
    """Name the row of a table that is left out by its number: its address may be made of its text."""
    if number is None or outcome.outcome in ("loaded", "revised", "unchanged"):
        return outcome
    return replace(outcome, reason=f"row {number}: {outcome.reason}")


@dataclass(frozen=True, slots=True)
class _News:
    """The part of a micro-batch that is not yet known, either to this machine or to others that share the warehouse."""

    deduped: Deduped
    turned_away: list[Outcome]
    visits: list[Visit]
    models: list[Row]


async def _news(night: Night, number: int, articles: Sequence[Article], visits: Sequence[Visit]) -> _News:
    """Separate the new articles of a micro-batch from the known ones, by the present state of the warehouse."""
    kept, turned_away = await asyncio.to_thread(_without_taken_down, night, articles)
    deduped = await dedupe_station(number, skip_prefect_scan(kept), skip_prefect_scan(night.lookup))
    incoming = arrow_tables({"visit": visit_rows(visits)}, night.run_id)
    unknown = (await asyncio.to_thread(still_to_add, night.writer, incoming)).values()
    keys = {(row["url"], row["fetched_at"]) for rows in unknown for row in rows.to_pylist()}
    left = [visit for visit in visits if (visit.url, visit.fetched_at) in keys]
    return _News(deduped, turned_away, left, await asyncio.to_thread(model_rows, night))


def rows_of_scored(run: Run, scored: Sequence[Scored], *, from_stored: bool = False) -> dict[str, list[Row]]:
    """Make rows of answers, and a row of the model if the warehouse does not know it yet.

    Parameters
    ----------
    from_stored
        True if the answers were decided from stored raw scores, which are then not stored again.
    """
    if not scored:
        return {}
    choice = run.choice
    weights_version = None if from_stored else choice.weights_version
    rows = score_rows(scored, choice.version, choice.taxonomy, weights_version=weights_version)
    return rows | {"model": model_rows(run)}


def _without_taken_down(night: Night, articles: Sequence[Article]) -> tuple[list[Article], list[Outcome]]:
    """Remove articles that were taken down and have come in again, even under another address of their page."""
    ids = pa.table({"article_id": pa.array([article.article_id for article in articles], pa.string())})
    gone = {
        row["article_id"]: row
        for row in night.writer.query("taken_down", tables={"incoming": ids}).to_pylist()
    }
    turned_away = [
        Outcome(
            url=article.item_url,
            source=article.source,
            outcome="taken_down",
            reason=f"taken down on {gone[article.article_id]['taken_down_at']:%Y-%m-%d}: it stays out",
            stage="load",
        )
        for article in articles
        if article.article_id in gone
    ]
    return [article for article in articles if article.article_id not in gone], turned_away


def _key(article: Article) -> tuple[str, int]:
    return article.article_id, article.revision


def _assignment(article: Article, targets: tuple[Target, ...]) -> Assignment:
    return Assignment(
        article_id=article.article_id,
        revision=article.revision,
        title=article.title,
        text=article.text,
        language=article.language,
        targets=targets,
    )


def _with_kind(articles: Sequence[Article], scored: Sequence[Scored]) -> list[Article]:
    """Use the classifier's answer for opinion or news if the page itself does not state it."""
    opinion = {one.assignment.article_id: one.reading.p_opinion for one in scored}
    settled: list[Article] = []
    for article in articles:
        probability = opinion.get(article.article_id)
        if article.kind == "unknown" and probability is not None:
            kind: Kind = "opinion" if probability >= OPINION_FROM else "news"
            article = replace(article, kind=kind, kind_signal=f"classifier: p(opinion) = {probability:.2f}")  # noqa: PLW2901 - the settled one takes its place
        settled.append(article)
    return settled
