"""Answers count if they come from the model that the configuration names; others are stored and compared."""

import asyncio
from dataclasses import dataclass

from flows.night.concurrent_load import load_what_is_left
from flows.night.run import Run
from tasks.load import Row
from tasks.reference_rows import changed_targets, named_reading, new_model
from tasks.second.prompt import asked_with

SHOWN = 10
"""Number of kinds of change that are listed one by one."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences between the answers of two models, on the present texts and wordings.

    Attributes
    ----------
    model_version, other
        The model that answered, and the model it is compared with.
    compared
        Number of answers that both models have given.
    changes
        The differences: target, the other model's answer, this model's answer, articles; most frequent first.
    """

    model_version: str
    other: str
    compared: int
    changes: tuple[tuple[str, str, str, int], ...]

    @property
    def lines(self) -> list[str]:
        """The comparison for people, as lines of text."""
        different = sum(articles for *_, articles in self.changes)
        lines = [
            f"Compared with {self.other} on {self.compared:,} answers: {self.compared - different:,} are the same, "
            f"{different:,} are others"
        ]
        lines += [
            f"  {target}: {before} -> {after}, {articles:,} article{'' if articles == 1 else 's'}"
            for target, before, after, articles in self.changes[:SHOWN]
        ]
        if len(self.changes) > SHOWN:
            lines.append(f"  and {len(self.changes) - SHOWN} more kinds of change")
        if different:
            lines.append(f"One by one: FROM model_diff('{self.other}', '{self.model_version}')")
        return lines


def reading_rows(run: Run) -> list[Row]:
    """Make the rows from which on the answers of the configured models count, if other models were named before."""
    choice = run.choice
    second = run.config.second_model
    return named_reading(
        run.writer,
        choice.version,
        choice.model,
        choice.stated_right,
        run.started_at,
        second_asked_with=asked_with(second.model) if second.is_on else None,
    )


def model_rows(run: Run) -> list[Row]:
    """Make a row of the run's model, if the warehouse does not know it yet."""
    choice = run.choice
    return new_model(
        run.writer,
        choice.version,
        choice.model,
        choice.scheme,
        run.started_at,
        weights_version=choice.weights_version,
    )


async def load_reference_rows(run: Run, *, is_trial: bool) -> None:
    """Store the targets, and the model that is asked, if they are new and no discovery has stored them.

    Parameters
    ----------
    is_trial
        True if the answers are only stored for comparison and do not count.
    """
    targets = await asyncio.to_thread(changed_targets, run.writer, run.targets, run.started_at, retire=False)
    reading = [] if is_trial else await asyncio.to_thread(reading_rows, run)
    rows = {"target": targets, "reading": reading}
    await load_what_is_left("reference rows", run.writer, rows)


def other_that_counts(run: Run) -> str | None:
    """Name the best first model that has answered here, other than the run's own; None if there is none."""
    known = run.writer.query("known_models").to_pylist()
    others = [
        row["model_version"]
        for row in known
        if row["rank"]
        and row["has_answered"]
        and row["asked_with"] is None
        and row["model_version"] != run.choice.version
    ]
    return others[-1] if others else None


def compare_with(run: Run, other: str) -> Comparison:
    """Compare the answers of the run's model with those of another model."""
    version = run.choice.version
    rows = run.writer.query("compared", {"model_version": version, "other": other}).to_pylist()
    changes = tuple(
        (row["target"], row["other_answer"], row["answer"], row["articles"])
        for row in rows
        if row["other_answer"] != row["answer"]
    )
    return Comparison(version, other, sum(row["articles"] for row in rows), changes)
