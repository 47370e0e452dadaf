"""Re-scoring: all stored articles are scored on new targets, on new wordings or with a new model; stored answers stay.

A text is read only if necessary: see :mod:`flows.night.scoring.backlog`. A re-score with another model than the
configured one is a trial: its answers are stored beside those that count, and compared with them.
"""

import asyncio
import shlex
from dataclasses import dataclass
from pathlib import Path

from prefect import flow
from prefect.client.schemas.objects import State
from pydantic import Field

from commentariat import ConfigError
from flows.monitoring.alerts import send_alerts
from flows.monitoring.artifacts import write_rescore_artifact
from flows.monitoring.result import errors_to_failed_state, named_by_time, state_of
from flows.monitoring.summary import note_of
from flows.monitoring.tags import tag
from flows.monitoring.warnings import unscored
from flows.night.comparison import compare_with, other_that_counts
from flows.night.configured_models import load_reference_rows
from flows.night.run import Run, finish, open_run
from flows.night.scoring.backlog import Backlog, backlog, left_out_of_trial, score_backlog
from flows.night.second_model.asking import second_model_in_background
from flows.night.second_model.due import ArticlePeriod, due_inquiries
from flows.night.second_model.tally import SecondModelResult
from flows.night.target_remarks import log_remark_on
from flows.report.station import report_station
from flows.settings.config import Config, model_in_config
from flows.settings.file import find_config
from flows.settings.here import refuse_unreadable_folder
from flows.settings.model_sections import ModelSettings, StatedRight
from flows.settings.request import OptionalName, Request, UtcMoment
from flows.settings.sections import ExecutionSettings
from tasks.stations import publish_station


class RescoreRequest(Request):
    """What to score; without values, everything that is missing."""

    since: UtcMoment | None = Field(
        default=None,
        description="Only articles published at this time or later, or fetched then if they have no date.",
    )
    only_targets: list[str] = Field(default=[], description="Ids of the targets to ask; empty: all of them.")
    model: OptionalName = Field(default=None, description="Another model than the configured one.")
    stated_right: StatedRight | None = Field(
        default=None,
        description="Another share of right sides than the configured one, above 0.5 and below 1; texts that the model "
        "has read are not read again for it.",
    )
    second_model: bool = Field(
        default=False,
        description="Also ask the second model, within the budget that all runs of twenty hours share.",
    )

    def applied_to(self, config: Config) -> Config:
        """Apply the requested model and targets, and the other values of the request.

        Raises
        ------
        ConfigError
            When the warehouse or the model cannot be used, a target is not configured, or there is no second model to
            ask.
        """
        config = super().applied_to(config)
        if self.second_model and not config.second_model.is_on:
            raise ConfigError("no second model is configured; name one in [second_model] with url and model")
        if self.second_model and (self.model or self.stated_right):
            raise ConfigError(
                "a trial of another model cannot ask the second model; leave out one of the two"
            )
        changes: dict[str, object] = {"model": self._asked_model(config.model)}
        if self.only_targets:
            known = {target.id for target in config.targets}
            if unknown := sorted(set(self.only_targets) - known):
                raise ConfigError(
                    f"no target {', '.join(unknown)}; configured are {', '.join(sorted(known))}"
                )
            changes["targets"] = tuple(t for t in config.targets if t.id in self.only_targets)
        return config.model_copy(update=changes)

    def _asked_model(self, configured: ModelSettings) -> ModelSettings:
        """Give the model to ask, which is another one only if it is another folder or has another name."""
        asked = configured
        if self.stated_right is not None:
            asked = asked.model_copy(update={"stated_right": self.stated_right})
        if self.model is None:
            return asked
        # It is looked for from the current folder, as all that a command line names.
        refuse_unreadable_folder()
        named = asked.model_copy(update={"name": self.model}).anchored(Path.cwd())
        if named.is_same_model(configured):
            return asked
        return named.model_copy(update={"calibration": None})  # it belongs to the configured model's weights


@dataclass(frozen=True, slots=True)
class Rescored:
    """What a re-score did.

    Attributes
    ----------
    headline
        The result in one line.
    changes
        The changes of answers, one line for each.
    warnings
        Sentences that people must know.
    second_model
        Sentences on what the second model was asked; empty if it was not asked.
    to_adopt
        Of a trial: what to change in the configuration so that its answers count; otherwise empty.
    """

    headline: str
    changes: tuple[str, ...]
    warnings: tuple[str, ...]
    second_model: tuple[str, ...] = ()
    to_adopt: str = ""

    def lines(self, again: str) -> list[str]:
        """Say for people what there is to know beside the headline.

        Parameters
        ----------
        again
            The command that re-scores with the configuration.
        """
        lines = list(self.changes)
        if self.to_adopt:
            lines.append(
                "A trial: these answers are stored beside those that count. To let them count, "
                f"{self.to_adopt} and run `{again}`: no text is read again for it"
            )
        lines += [f"Second model: {sentence}" for sentence in self.second_model]
        return lines + [f"Attention: {warning}" for warning in self.warnings]


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
    """Score what is missing and publish. The same anti-join finds the rest of a night that was cut short."""
    configured = request.configured()
    config = request.applied_to(configured)
    is_trial = _is_trial(config.model, configured.model)
    to_adopt = how_to_adopt(config.model, configured.model, request.config) if is_trial else ""
    again = _without_trial(request, config)
    async with open_run(config, flow="rescore", never_sent=config.never_sent, create=False) as run:
        await tag(run)
        log_remark_on(run.targets)
        other = await asyncio.to_thread(other_that_counts, run)
        await load_reference_rows(run, is_trial=is_trial)
        answered = await score_backlog(run, request.since, is_trial=is_trial)
        second = await _ask_second_model(run, request)
        warnings = await asyncio.to_thread(unscored, run, answered.unanswered)
        headline = f"{answered.in_short}, {len(run.targets)} targets asked by {run.choice.version}"
        comparison = await asyncio.to_thread(compare_with, run, other) if other else None
        await finish(run, note_of(headline, warnings))
        await publish_station(run.writer)
    await report_station(run.config.warehouse.path)
    left_out = [left_out_of_trial(answered.left_out)] if answered.left_out else []
    changes = (*left_out, *(comparison.lines if comparison else ()))
    done = Rescored(headline, changes, tuple(warnings), second.sentences, to_adopt)
    await write_rescore_artifact(done.headline, done.lines(again))
    return state_of(headline, done, warnings=warnings, stopped=second.stopped)


def _is_trial(asked: ModelSettings, configured: ModelSettings) -> bool:
    """Say whether another model, or another share of right sides, is asked than the configured one."""
    return not asked.is_same_model(configured) or asked.stated_right != configured.stated_right


def how_to_adopt(asked: ModelSettings, configured: ModelSettings, config: Path | None) -> str:
    """Write how a configuration is to be changed so that the answers of a trial count."""
    take_out = ", take `calibration` out of it" if configured.calibration and not asked.calibration else ""
    name = model_in_config(asked, config)
    return f"write name = {name} and stated_right = {asked.stated_right} into [model]{take_out}"


def _without_trial(request: RescoreRequest, config: Config) -> str:
    """Write the command that re-scores the same warehouse with what is configured, from any folder."""
    warehouse = ["-w", str(config.warehouse.path)] if request.warehouse else []
    return shlex.join(["commentariat", "rescore", "-c", str(find_config(request.config)), *warehouse])


@dataclass(frozen=True, slots=True)
class Missing:
    """What a re-score would do now: the missing answers of the first model, and the questions to the second model.

    Attributes
    ----------
    backlog
        Questions that the first model has not answered.
    second_articles, second_answers
        Number of articles that the second model would be asked about, and of answers that it would be asked for, over
        all nights that this takes; None if the second model was not requested.
    """

    backlog: Backlog
    second_articles: int | None = None
    second_answers: int | None = None


async def count_missing(request: RescoreRequest) -> Missing:
    """Count what a re-score would do, without doing it. No request is sent to a second model."""
    configured = request.configured()
    config = request.applied_to(configured)
    is_trial = _is_trial(config.model, configured.model)
    config = config.model_copy(update={"execution": ExecutionSettings()})  # nothing is read
    async with open_run(config, flow="rescore", never_sent=config.never_sent, create=False) as run:
        missing = backlog(run, request.since, is_trial=is_trial)
        if not request.second_model:
            return Missing(missing)
        inquiries = list(due_inquiries(run, ArticlePeriod(published_since=request.since)))
        return Missing(missing, len(inquiries), sum(len(inquiry.targets) for inquiry in inquiries))


async def _ask_second_model(run: Run, request: RescoreRequest) -> SecondModelResult:
    if not request.second_model:
        return SecondModelResult()
    async with second_model_in_background(run, ArticlePeriod(published_since=request.since)) as second:
        return await second.finish(None) if second else SecondModelResult()
