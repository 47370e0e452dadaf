"""The backlog: stored articles that lack answers. They are decided again from stored raw scores, or else read again.

Answers are missing after a change of targets, wordings or model, and after a run that was killed. If only the
calibration or `stated_right` has changed, the raw scores of the same weights are stored, and no text is read again.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc
from prefect import get_run_logger

from flows.night.concurrent_load import load_what_is_left
from flows.night.garbage import FinishedTasks
from flows.night.portions import batch_size, chunks, rows_in
from flows.night.run import Run
from flows.night.scoring.scoring import rows_of_scored
from flows.night.scoring.stored_texts import keys_of, with_texts
from models import Target
from tasks.article import ArticleKey
from tasks.classify import Assignment, Scored
from tasks.decide import Stored, stored_scores
from tasks.stations import decide_station, publish_station
from tasks.targets.statement_hash import statement_hash

LARGEST_BATCH = 1024
"""Largest number of articles in a micro-batch of a long re-score; only stored texts are in memory there."""

_FROM_STORED = "decided again from stored scores"


@dataclass(frozen=True, slots=True)
class Backlog:
    """The answers that are missing, as assignments without their text.

    Attributes
    ----------
    to_read
        The assignments for which the texts must be read.
    to_decide
        The assignments whose raw scores from the same weights are stored. An article can be in both, with different
        targets.
    left_out
        Number of answers that are left out of a trial, because they would count.
    """

    to_read: tuple[Assignment, ...]
    to_decide: tuple[Assignment, ...]
    left_out: int = 0

    @property
    def articles(self) -> int:
        """How many articles lack an answer."""
        return len({assignment.key for assignment in (*self.to_read, *self.to_decide)})

    @property
    def in_short(self) -> str:
        """The amount of work, in a line."""
        answers = sum(
            len(assignment.targets) + assignment.with_topics
            for assignment in (*self.to_read, *self.to_decide)
        )
        again = f"{len(self.to_decide)} to be {_FROM_STORED}, " if self.to_decide else ""
        left_out = f"; {left_out_of_trial(self.left_out)}" if self.left_out else ""
        return f"{len(self.to_read)} articles to read, {again}{answers} answers missing{left_out}"


@dataclass(frozen=True, slots=True)
class Answered:
    """How many articles of a backlog were answered.

    Attributes
    ----------
    read
        How many were read.
    decided
        How many were decided from stored raw scores.
    unanswered
        How many still lack an answer because the classifier gave none.
    left_out
        Number of answers that were left out of a trial, because they would count.
    """

    read: int
    decided: int
    unanswered: int = 0
    left_out: int = 0

    @property
    def in_short(self) -> str:
        """The finished work, in a line."""
        again = f", {self.decided} {_FROM_STORED}" if self.decided else ""
        return f"{self.read} articles read{again}"


def left_out_of_trial(answers: int) -> str:
    """Say why answers are left out of a trial, and what helps."""
    return (
        f"{answers} answers are left out of the trial: the configuration has named this model before, so they would "
        "count until the present one has given them; `commentariat rescore` asks that one"
    )


async def score_backlog(
    run: Run, since: datetime | None = None, *, is_trial: bool = False, after_intake: bool = False
) -> Answered:
    """Ask the questions that have no answer yet: of new targets, new wordings, another model, or after a killed run.

    Readers see the answers of a long backlog from time to time, because it may take hours.

    Parameters
    ----------
    after_intake
        Whether the run has taken in articles. Readers must not wait for them until a long backlog has been read.
    """
    missing = await asyncio.to_thread(backlog, run, since, is_trial=is_trial)
    steps = _Steps(run, missing)
    if after_intake and steps.is_long:
        await publish_station(run.writer)
    decided = await _decide_again(run, missing.to_decide, steps)
    read, unread = await _read(run, missing.to_read, steps)
    return Answered(read, decided, len(unread), missing.left_out)


def backlog(run: Run, since: datetime | None = None, *, is_trial: bool = False) -> Backlog:
    """List the answers that are missing, of all articles or of those published from ``since`` on.

    The answers of a trial must not count. Therefore, if the configuration has named its model before, only questions
    are asked that a model which counts before it has answered.
    """
    choice, targets = run.choice, {target.id: target for target in run.targets}
    wanted = [{"target": "", "statement_hash": "", "model_version": choice.version}] + [
        {"target": target.id, "statement_hash": statement_hash(target), "model_version": choice.version}
        for target in run.targets
    ]
    found = run.writer.query_file(
        "backlog",
        {
            "since": since,
            "weights_version": choice.weights_version,
            "trial": choice.version if is_trial else None,
            **_topics_of(run),
        },
        {"wanted_target": pa.Table.from_pylist(wanted)},
    )
    # There may be millions of rows: only the columns that are used stay in memory, and few runs copy rows.
    missing = found.select(["article_id", "revision", "target", "has_raw", "left_out"])
    del found
    left_out: int = pc.sum(missing["left_out"]).as_py() or 0
    if left_out:
        missing = missing.filter(pc.invert(missing["left_out"]))
    to_read: list[Assignment] = []
    to_decide: list[Assignment] = []
    rows = rows_in(missing)
    for (article_id, revision), its_rows in groupby(rows, lambda row: (row["article_id"], row["revision"])):
        unread: list[str] = []
        read_before: list[str] = []
        for row in its_rows:
            (read_before if row["has_raw"] else unread).append(row["target"])
        if unread:
            to_read.append(_assignment(article_id, revision, unread, targets))
        if read_before:
            to_decide.append(_assignment(article_id, revision, read_before, targets))
    return Backlog(tuple(to_read), tuple(to_decide), left_out)


class _Steps:
    """The micro-batches of a backlog: each gets a line in the log, and after some of them a snapshot is published."""

    def __init__(self, run: Run, missing: Backlog) -> None:
        self._run = run
        self._batches = sum(
            -(-len(part) // _size(run, part)) for part in (missing.to_decide, missing.to_read) if part
        )
        self._stored = 0

    @property
    def is_long(self) -> bool:
        """Whether there is more than one micro-batch."""
        return self._batches > 1

    async def count(self, what: str, articles: int, total: int) -> None:
        """Count a micro-batch that is stored.

        Parameters
        ----------
        articles, total
            Number of articles that have been answered so far, and of those that were to be.
        """
        self._stored += 1
        get_run_logger().info("backlog: %d of %d articles %s", articles, total, what)
        # The run itself publishes after the last one.
        if self._stored % self._run.config.run.publish_every == 0 and self._stored < self._batches:
            await publish_station(self._run.writer)


async def _decide_again(run: Run, missing: Sequence[Assignment], steps: _Steps) -> int:
    """Decide from stored raw scores; give the number of articles that were answered."""
    decided, finished = 0, FinishedTasks()
    for number, batch in _batches(run, missing):
        stored = await asyncio.to_thread(stored_for, run, batch)
        scored = await decide_station(number, batch, stored, run.choice)
        rows = await asyncio.to_thread(rows_of_scored, run, scored, from_stored=True)
        await load_what_is_left(f"decided {number:04d}", run.writer, rows)
        decided += len(scored)
        finished.count(len(batch))
        await steps.count(_FROM_STORED, decided, len(missing))
    return decided


async def _read(run: Run, missing: Sequence[Assignment], steps: _Steps) -> tuple[int, set[ArticleKey]]:
    """Read articles; give the number of those that were answered, and those that the classifier did not answer."""
    read, unanswered, finished = 0, set[ArticleKey](), FinishedTasks()
    for number, batch in _batches(run, missing):
        name = f"backlog {number:04d}"
        asked = await asyncio.to_thread(with_texts, run.writer, batch)
        scored = await run.classifier_pool.classify(name, asked)
        rows = await asyncio.to_thread(rows_of_scored, run, scored)
        await load_what_is_left(name, run.writer, rows)
        read += len(scored)
        unanswered |= _without_answer(asked, scored)
        finished.count(len(batch))
        await steps.count("read", read, len(missing))
    return read, unanswered


def _without_answer(asked: Sequence[Assignment], scored: Sequence[Scored]) -> set[ArticleKey]:
    answered = {answer.assignment.key for answer in scored}
    return {assignment.key for assignment in asked} - answered


def _batches(run: Run, missing: Sequence[Assignment]) -> Iterator[tuple[int, tuple[Assignment, ...]]]:
    return enumerate(chunks(missing, _size(run, missing)), start=1)


def _size(run: Run, missing: Sequence[Assignment]) -> int:
    settings = run.config.run
    return batch_size(settings.batch_size, len(missing), batches=settings.batches_a_run, most=LARGEST_BATCH)


def _assignment(
    article_id: str, revision: int, names: Sequence[str], targets: dict[str, Target]
) -> Assignment:
    return Assignment(
        article_id=article_id,
        revision=revision,
        title=None,
        text="",
        language=None,
        targets=tuple(targets[name] for name in names if name),
        with_topics="" in names,
    )


def stored_for(run: Run, assignments: Sequence[Assignment]) -> Stored:
    """Fetch the raw scores and topics that are stored for these assignments."""
    questions = [(assignment, target) for assignment in assignments for target in assignment.targets]
    asked = (
        keys_of([assignment for assignment, _ in questions])
        .append_column("target", pa.array([target.id for _, target in questions], pa.string()))
        .append_column("statement_hash", pa.array([statement_hash(t) for _, t in questions], pa.string()))
    )
    weights = run.choice.weights_version
    topics = {"weights_version": weights, **_topics_of(run)}
    without_topics = [assignment for assignment in assignments if assignment.with_topics]
    return stored_scores(
        run.writer.query_file("raw_scores", {"weights_version": weights}, {"asked": asked}).to_pylist(),
        run.writer.query_file("wording_scores", {"weights_version": weights}, {"asked": asked}).to_pylist(),
        run.writer.query_file("topics_to_copy", topics, {"asked": keys_of(without_topics)}).to_pylist(),
    )


def _topics_of(run: Run) -> dict[str, str]:
    return {"taxonomy": run.taxonomy, "taxonomy_version": run.taxonomy_version}
