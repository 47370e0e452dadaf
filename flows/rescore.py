"""Re-scoring: a new target, a new wording or a new model is asked of everything stored; what was answered stays.

A text is read only where it must be: see :mod:`flows.night.backlog`. With another model than the configured one it is a
trial: its answers are stored beside those that count, and compared with them.
"""

import json
from dataclasses import dataclass

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import Field

from commentariat import ConfigError
from flows.monitoring.alerts import send_alerts
from flows.monitoring.result import NEEDS_ATTENTION, errors_to_failed_state, named_by_time
from flows.monitoring.tags import tag
from flows.monitoring.warnings import unscored
from flows.night.backlog import Backlog, backlog, score_backlog
from flows.night.run import Run, open_run
from flows.night.scoring import load_reference_rows
from flows.night.whose_answers import compare_with, other_that_counts
from flows.settings.config import Config
from flows.settings.request import Request, UtcMoment
from flows.settings.sections import ExecutionSettings, StatedRight
from tasks.stations import publish_station, skip_prefect_scan


class RescoreRequest(Request):
    """What to score; with nothing filled in, everything that is missing."""

    since: UtcMoment | None = Field(None, description="Only articles published from then on.")
    only_targets: list[str] = Field([], description="Ids of the targets to ask; empty: all of them.")
    model: str | None = Field(None, description="Another model than the configured one.")
    stated_right: StatedRight | None = Field(
        None,
        description="Another share of right sides than the configured one, above 0.5 and below 1; what the model has "
        "read is not read again for it.",
    )

    def resolve_config(self) -> Config:
        """Read the configuration, with the model and the targets that were asked for.

        Raises
        ------
        ConfigError
            When the file cannot be used, or a target is not configured.
        """
        config = super().resolve_config()
        changes: dict[str, object] = {}
        model = {"name": self.model, "stated_right": self.stated_right}
        changes["model"] = config.model.model_copy(
            update={key: value for key, value in model.items() if value is not None}
        )
        if self.only_targets:
            known = {target.id for target in config.targets}
            if unknown := sorted(set(self.only_targets) - known):
                raise ConfigError(
                    f"no target {', '.join(unknown)}; configured are {', '.join(sorted(known))}"
                )
            changes["targets"] = tuple(t for t in config.targets if t.id in self.only_targets)
        return config.model_copy(update=changes)

    @property
    def is_trial(self) -> bool:
        """Whether another model, or another share of right sides, is asked for than the configuration names."""
        configured, asked = super().resolve_config().model, self.resolve_config().model
        return (asked.name, asked.stated_right) != (configured.name, configured.stated_right)


@dataclass(frozen=True, slots=True)
class Rescored:
    """What a re-score did.

    Attributes
    ----------
    headline
        In a line.
    told
        What changed, a line each.
    warnings
        What people must know.
    """

    headline: str
    told: tuple[str, ...]
    warnings: tuple[str, ...]


@flow(
    name="rescore",
    flow_run_name=named_by_time("rescore"),
    persist_result=False,
    on_failure=[send_alerts],
    on_crashed=[send_alerts],
)
@errors_to_failed_state
async def rescore_flow(
    request: RescoreRequest = RescoreRequest(),  # noqa: B008 - frozen, so one serves all calls
) -> State[Rescored]:
    """Score what is missing and publish; the same anti-join that finds the rest of a night cut short."""
    is_trial = request.is_trial
    async with open_run(request.resolve_config(), flow="rescore", create=False) as run:
        await tag(run)
        other = other_that_counts(run)
        await load_reference_rows(run, is_trial=is_trial)
        answered = await score_backlog(run, request.since)
        warnings = unscored(run, request.since)
        headline = f"{answered.in_short}, {len(run.targets)} targets asked by {run.choice.version}"
        told = what_changed(run, other, is_trial=is_trial)
        run.writer.finish(headline)
        await publish_station(skip_prefect_scan(run.writer))
    done = Rescored(headline, told, tuple(warnings))
    if warnings:
        return Failed(name=NEEDS_ATTENTION, message=f"{warnings[0]} ({headline})", data=done)
    return Completed(message=headline, data=done)


def what_changed(run: Run, other: str | None, *, is_trial: bool) -> tuple[str, ...]:
    """Say how the answers compare with those that counted before, and which of them count now."""
    lines = compare_with(run, other).lines if other else []
    if is_trial:
        model = run.config.model
        lines.append(
            f"A trial: these answers are stored beside those that count. To let them count, write name = "
            f"{json.dumps(model.name)} and stated_right = {model.stated_right:g} into [model] and run "
            "`commentariat rescore` again: nothing is read again for it"
        )
    return tuple(lines)


async def count_missing(request: RescoreRequest) -> Backlog:
    """Say how much a re-score would do, without doing it."""
    config = request.resolve_config().model_copy(update={"execution": ExecutionSettings()})  # nothing is read
    async with open_run(config, flow="rescore", create=False) as run:
        return backlog(run, request.since)
