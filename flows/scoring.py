"""Scoring: what each piece is about and where it stands, for new articles and for whatever is still missing."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa

from commentariat import AuditError
from flows.intake import Taken
from flows.night import Night, Run
from flows.work import LARGEST_BACKLOG_BATCH, batch_size, chunks
from models import Target
from tasks.article import Article, Kind
from tasks.classify import Assignment, Scored
from tasks.load import Row, article_rows, outcome_rows, score_rows, statement_hash, visit_rows
from tasks.outcome import Outcome
from tasks.registers import changed_targets, new_model
from tasks.stations import dedupe_station, load_station, whole

OPINION_FROM = 0.5


async def score_and_load(night: Night, taken: Taken) -> None:
    """Keep what is new in a micro-batch, ask the classifier about it, and commit all of it at once."""
    number = taken.batch.number
    welcome, turned_away = _without_taken_down(night, taken.articles)
    deduped = await dedupe_station(number, whole(welcome), whole(night.lookup))
    fresh = [*deduped.new, *deduped.revised]
    assignments = [_assignment(article, night.targets) for article in fresh]
    scored = await night.readers.read(f"batch {number:04d}", assignments)
    fresh = _with_kind(fresh, scored)
    stored = article_rows(fresh)
    article_ids = {item.url: item.article_id for item in taken.batch.items}
    article_ids |= {article.item_url: article.article_id for article in taken.articles}
    rows: dict[str, list[Row]] = _score_rows(night, scored) | {
        "article": stored,
        "article_text": stored,
        "minhash_band": list(deduped.band_rows),
        "duplicate": deduped.duplicate_rows,
        "visit": visit_rows(taken.visits),
        "outcome": outcome_rows(
            [*taken.outcomes, *turned_away, *deduped.outcomes], datetime.now(UTC), article_ids
        ),
    }
    try:
        await load_station(f"batch {number:04d}", whole(night.writer), whole(rows))
    except AuditError:
        await _load_one_by_one(night, number, fresh, rows)


async def score_backlog(run: Run, since: datetime | None = None) -> int:
    """Ask what has never been asked: new targets, new wordings, another model, or what a killed run left.

    Returns
    -------
    int
        How many articles were read.
    """
    read, missing, settings = 0, list(backlog(run, since)), run.config.run
    size = batch_size(
        settings.batch_size, len(missing), batches=settings.batches_a_run, most=LARGEST_BACKLOG_BATCH
    )
    for number, batch in enumerate(chunks(missing, size), start=1):
        scored = await run.readers.read(f"backlog {number:04d}", _with_texts(run, batch))
        await load_station(f"backlog {number:04d}", whole(run.writer), whole(_score_rows(run, scored)))
        read += len(scored)
    return read


async def load_registers(run: Run) -> None:
    """Write down targets that are new or worded anew, where no discovery does it."""
    rows = {"target": changed_targets(run.writer, run.targets, run.started_at, retire=False)}
    if rows["target"]:
        await load_station("registers", whole(run.writer), whole(rows))


def backlog(run: Run, since: datetime | None = None) -> Iterator[Assignment]:
    """List the answers that are missing, as assignments without their text."""
    version, targets = run.choice.version, {target.id: target for target in run.targets}
    wanted = [{"target": "", "statement_hash": "", "model_version": version}] + [
        {"target": target.id, "statement_hash": statement_hash(target.statement), "model_version": version}
        for target in run.targets
    ]
    missing = run.writer.query("backlog", {"since": since}, {"wanted_target": pa.Table.from_pylist(wanted)})
    asked: dict[tuple[str, int], list[str]] = defaultdict(list)
    for row in missing.select(["article_id", "revision", "target"]).to_pylist():
        asked[row["article_id"], row["revision"]].append(row["target"])
    for (article_id, revision), names in asked.items():
        yield Assignment(
            article_id=article_id,
            revision=revision,
            title=None,
            text="",
            language=None,
            targets=tuple(targets[name] for name in names if name),
            with_topics="" in names,
        )


async def _load_one_by_one(
    night: Night, number: int, articles: list[Article], rows: dict[str, list[Row]]
) -> None:
    """Find the article that an audit refuses, so that it alone is left out and the rest of its batch is kept."""
    rejected: dict[str, str] = {}
    per_article = [name for name in rows if name not in ("model", "visit", "outcome", "duplicate")]
    for article in articles:
        its_rows = {
            name: [r for r in rows[name] if r["article_id"] == article.article_id] for name in per_article
        }
        try:
            its_rows["model"] = _model_rows(night)
            await load_station(
                f"batch {number:04d} {article.article_id}", whole(night.writer), whole(its_rows)
            )
        except AuditError as error:
            rejected[article.item_url] = str(error)
    for outcome in rows["outcome"]:
        if reason := rejected.get(outcome["url"]):
            outcome |= {"outcome": "rejected", "stage": "load", "reason": reason}
    rest = {name: rows[name] for name in ("visit", "outcome", "duplicate")}
    await load_station(f"batch {number:04d} rest", whole(night.writer), whole(rest))


def _without_taken_down(night: Night, articles: Sequence[Article]) -> tuple[list[Article], list[Outcome]]:
    """Turn away what was taken down and has come back, also when it comes under another address of its page."""
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


def _assignment(article: Article, targets: tuple[Target, ...]) -> Assignment:
    return Assignment(
        article_id=article.article_id,
        revision=article.revision,
        title=article.title,
        text=article.text,
        language=article.language,
        targets=targets,
    )


def _with_texts(run: Run, assignments: Sequence[Assignment]) -> list[Assignment]:
    keys = pa.table(
        {
            "article_id": pa.array([a.article_id for a in assignments], pa.string()),
            "revision": pa.array([a.revision for a in assignments], pa.int32()),
        }
    )
    rows = run.writer.query("texts", tables={"incoming": keys}).to_pylist()
    texts = {(row["article_id"], row["revision"]): row for row in rows}
    return [
        replace(a, title=row["title"], text=row["text"], language=row["language"])
        for a in assignments
        if (row := texts.get((a.article_id, a.revision))) is not None
    ]


def _with_kind(articles: Sequence[Article], scored: Sequence[Scored]) -> list[Article]:
    """Let the classifier say opinion or news where the page itself does not."""
    opinion = {one.assignment.article_id: one.reading.p_opinion for one in scored}
    settled: list[Article] = []
    for article in articles:
        probability = opinion.get(article.article_id)
        if article.kind == "unknown" and probability is not None:
            kind: Kind = "opinion" if probability >= OPINION_FROM else "news"
            article = replace(article, kind=kind, kind_signal=f"classifier: p(opinion) = {probability:.2f}")  # noqa: PLW2901 - the settled one takes its place
        settled.append(article)
    return settled


def _score_rows(run: Run, scored: Sequence[Scored]) -> dict[str, list[Row]]:
    if not scored:
        return {}
    return score_rows(scored, run.choice.version, run.choice.taxonomy) | {"model": _model_rows(run)}


def _model_rows(run: Run) -> list[Row]:
    choice = run.choice
    return new_model(run.writer, choice.version, choice.model, choice.taxonomy, run.started_at)
