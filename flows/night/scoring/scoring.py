"""From extracted articles to a commit: what is known or taken down is left out, the rest is classified and stored.

These are the stations dedupe, classify and load of a micro-batch, and what happens between them: the classifier says
what kind an article is if its page does not, rows are made, and a commit that an audit rejects is made again without
the rejected rows. Stored articles that lack answers are the backlog (:mod:`flows.night.scoring.backlog`).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

import pyarrow as pa

from commentariat import AuditError
from flows.night.configured_models import model_rows
from flows.night.intake.batching import Batch
from flows.night.intake.intake import ExtractedBatch
from flows.night.opening import Night
from flows.night.run import Run
from flows.night.scoring.rejected import load_without_rejected
from models import Target
from tasks.addresses.urls import article_id
from tasks.article import Article, ArticleKey
from tasks.classify import Assignment, Scored, with_kind
from tasks.dedupe.dedupe import Deduped
from tasks.item import Visit
from tasks.load import (
    Row,
    arrow_tables,
    article_rows,
    band_rows,
    duplicate_rows,
    outcome_rows,
    score_rows,
    visit_rows,
)
from tasks.outcome import Outcome
from tasks.stations import dedupe_station, load_station
from warehouse.writing.overtaken import still_to_add


async def score_and_load(night: Night, extracted: ExtractedBatch) -> None:
    """Keep the new articles of a micro-batch, classify them, and commit everything at once."""
    part: _Part | None = _Part.of(extracted)
    scored_before: dict[ArticleKey, Scored] = {}
    while part is not None:
        new = await _still_new(night, part)
        scored = await _classify(night, part, new, scored_before)
        articles = with_kind(new.articles, scored)
        rows = await _rows_of(night, part, new, articles, scored)
        try:
            await load_station(part.name, night.writer, rows)
        except AuditError:
            # If another machine has meanwhile committed or taken down some of it, the same part is compared again.
            if await _still_new(night, part) == new:
                copies = await load_without_rejected(night, part.name, articles, new.deduped.duplicates, rows)
                part = part.of_copies(copies)
        else:
            for table_rows in rows.values():
                table_rows.clear()  # Prefect keeps the argument of a task until Python's garbage collector runs
            return


@dataclass(frozen=True, slots=True)
class _Part:
    """What is not yet stored of a micro-batch: at first all of it, then the copies of articles that were rejected."""

    batch: Batch
    name: str
    articles: list[Article]
    outcomes: list[Outcome]
    visits: list[Visit]

    @classmethod
    def of(cls, extracted: ExtractedBatch) -> Self:
        return cls(
            extracted.batch, extracted.batch.name, extracted.articles, extracted.outcomes, extracted.visits
        )

    def of_copies(self, copies: list[Article]) -> "_Part | None":
        """Give the copies of rejected articles: they are compared again, as if these articles had not come."""
        if not copies:
            return None
        waiting = {copy.item_url for copy in copies}
        visits = [visit for visit in self.visits if visit.url in waiting]
        return replace(self, name=f"{self.name} again", articles=copies, outcomes=[], visits=visits)


@dataclass(frozen=True, slots=True)
class _StillNew:
    """What of a part is not yet known, either to this machine or to others that share the warehouse.

    Attributes
    ----------
    taken_down
        Outcomes of articles that were taken down, each with the id under which it was.
    models
        For the comparison alone: if another machine has stored the row of the model meanwhile, the two results differ,
        and the part is made again without it.
    """

    deduped: Deduped
    taken_down: list[tuple[Outcome, str]]
    visits: list[Visit]
    models: list[Row]

    @property
    def articles(self) -> list[Article]:
        """New articles, and new revisions of known ones."""
        return [*self.deduped.new, *self.deduped.revised]


async def _still_new(night: Night, part: _Part) -> _StillNew:
    """Separate the new articles of a part from the known ones, by the present state of the warehouse."""
    kept, taken_down = await asyncio.to_thread(_without_taken_down, night, part)
    deduped = await dedupe_station(part.batch.number, kept, night.writer)
    incoming = arrow_tables({"visit": visit_rows(part.visits)}, night.run_id)
    unknown = (await asyncio.to_thread(still_to_add, night.writer, incoming)).values()
    keys = {(row["url"], row["fetched_at"]) for rows in unknown for row in rows.to_pylist()}
    left = [visit for visit in part.visits if (visit.url, visit.fetched_at) in keys]
    return _StillNew(deduped, taken_down, left, await asyncio.to_thread(model_rows, night))


def _without_taken_down(night: Night, part: _Part) -> tuple[list[Article], list[tuple[Outcome, str]]]:
    """Remove articles that were taken down and have come in again, even under another address of their page.

    Such an address names the article as its canonical one, or redirects to it.
    """
    behind = {visit.url: article_id(visit.final_url) for visit in part.visits if visit.final_url is not None}
    ids = [article.article_id for article in part.articles]
    incoming = pa.table({"article_id": pa.array([*ids, *set(behind.values()).difference(ids)], pa.string())})
    gone = {
        row["article_id"]: row["taken_down_at"]
        for row in night.writer.query_file("taken_down", tables={"incoming": incoming}).to_pylist()
    }
    kept: list[Article] = []
    taken_down: list[tuple[Outcome, str]] = []
    for article in part.articles:
        known_as = next(
            (id_ for id_ in (article.article_id, behind.get(article.item_url)) if id_ in gone), None
        )
        if known_as is None:
            kept.append(article)
        else:
            outcome = Outcome(
                url=article.item_url,
                source=article.source,
                outcome="taken_down",
                reason=f"taken down on {gone[known_as]:%Y-%m-%d}: it stays out",
                stage="load",
            )
            taken_down.append((outcome, known_as))
    return kept, taken_down


async def _classify(
    night: Night, part: _Part, new: _StillNew, scored_before: dict[ArticleKey, Scored]
) -> list[Scored]:
    """Classify the new articles of a part that are not in ``scored_before``, and add them to it.

    Returns
    -------
    list of Scored
        Of all new articles; those on which the classifier failed are left out.
    """
    articles = [article for article in new.articles if article.key not in scored_before]
    assignments = [_assignment(article, night.targets) for article in articles]
    answers = await night.classifier_pool.classify(part.name, assignments)
    scored_before |= {answer.assignment.key: answer for answer in answers}
    return [scored_before[article.key] for article in new.articles if article.key in scored_before]


def _assignment(article: Article, targets: tuple[Target, ...]) -> Assignment:
    return Assignment(
        article_id=article.article_id,
        revision=article.revision,
        title=article.title,
        text=article.text,
        language=article.language,
        targets=targets,
    )


async def _rows_of(
    night: Night, part: _Part, new: _StillNew, articles: Sequence[Article], scored: Sequence[Scored]
) -> dict[str, list[Row]]:
    """Make the rows of a part by table; ``articles`` are its new ones with their kind."""
    stored = article_rows(articles)
    decided_at = datetime.now(UTC)
    article_ids = {item.url: item.article_id for item in part.batch.items}
    article_ids |= {article.item_url: article.article_id for article in part.articles}
    article_ids |= {outcome.url: known_as for outcome, known_as in new.taken_down}
    numbers = {item.url: item.row for item in part.batch.items}
    ended = [
        _with_its_row(outcome, numbers.get(outcome.url))
        for outcome in (
            *part.outcomes,
            *(outcome for outcome, _ in new.taken_down),
            *new.deduped.outcomes,
        )
    ]
    rows: dict[str, list[Row]] = await asyncio.to_thread(rows_of_scored, night, scored)
    return rows | {
        "article": stored,
        "article_text": stored,
        "minhash_band": band_rows(articles, new.deduped.bands),
        "duplicate": duplicate_rows(new.deduped.duplicates, decided_at),
        "visit": visit_rows(new.visits),
        "outcome": outcome_rows(ended, decided_at, article_ids),
    }


def _with_its_row(outcome: Outcome, number: int | None) -> Outcome:
    """Name the row of a table that is left out by its number: its address may be made of its text."""
    if number is None or outcome.outcome in ("loaded", "revised", "unchanged"):
        return outcome
    return replace(outcome, reason=f"row {number}: {outcome.reason}")


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
    rows = score_rows(scored, choice.version, run.taxonomy, weights_version=weights_version)
    return rows | {"model": model_rows(run)}
