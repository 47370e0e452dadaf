"""Answers count if they come from the model that the configuration names; others are stored and compared."""

import asyncio

from commentariat import ConfigError
from flows.night.concurrent_load import load_what_is_left
from flows.night.run import Run
from tasks.load import Row
from tasks.reference_rows import changed_ranks, changed_targets, new_model, reworded_targets
from tasks.second_model.prompt import asked_with


def reading_rows(run: Run) -> list[Row]:
    """Make the rows from which on the answers of the configured models count, if other models were named before."""
    choice = run.choice
    second = run.config.second_model
    return changed_ranks(
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
        run.taxonomy_version,
        run.started_at,
        weights_version=choice.weights_version,
    )


async def load_reference_rows(run: Run, *, is_trial: bool) -> None:
    """Store what a discovery would have stored: new targets, and from when on the configured models' answers count.

    Parameters
    ----------
    is_trial
        True if the answers are only stored for comparison and do not count.

    Raises
    ------
    ConfigError
        If a trial would ask a target in other words than those of its answers that count: with the new words stored,
        none of its answers would count.
    """
    if is_trial and (reworded := await asyncio.to_thread(reworded_targets, run.writer, run.targets)):
        raise ConfigError(
            f"A trial compares with the answers that count, and these are to other words of {', '.join(reworded)}. "
            "Run `commentariat rescore` without --model and --stated-right first, or name other targets with --target."
        )
    targets = await asyncio.to_thread(changed_targets, run.writer, run.targets, run.started_at, retire=False)
    reading = [] if is_trial else await asyncio.to_thread(reading_rows, run)
    rows = {"target": targets, "reading": reading}
    await load_what_is_left("reference rows", run.writer, rows)
