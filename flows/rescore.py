"""Re-scoring: a new target, a new wording or a new model is asked of everything stored; what was answered stays."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import BaseModel, ConfigDict, Field

from commentariat import ConfigError
from flows.alerts import tell
from flows.config import Config
from flows.night import Night, NightRequest, open_night, settle
from flows.result import told_plainly
from flows.scoring import backlog, load_registers, score_backlog
from tasks.stations import publish_station


class RescoreRequest(BaseModel):
    """What to score; with nothing filled in, everything that is missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    config: Path | None = Field(
        None, description="Configuration file; empty: commentariat.toml, else the sample."
    )
    warehouse: Path | None = Field(None, description="Warehouse folder; empty: the configured one.")
    since: datetime | None = Field(None, description="Only articles published from then on.")
    only_targets: list[str] = Field([], description="Ids of the targets to ask; empty: all of them.")
    model: str | None = Field(None, description="Another model than the configured one.")


@dataclass(frozen=True, slots=True)
class Missing:
    """How much there is to do: articles to read, and answers that are missing."""

    articles: int
    questions: int


def _run_name() -> str:
    return f"rescore of {runtime.flow_run.scheduled_start_time:%Y-%m-%d %H:%M}"


@flow(name="rescore", flow_run_name=_run_name, persist_result=False, on_failure=[tell], on_crashed=[tell])
@told_plainly
async def rescore_flow(
    request: RescoreRequest = RescoreRequest(),  # noqa: B008 - frozen, so one serves all calls
) -> State[str]:
    """Score what is missing and publish; the same anti-join that finds the rest of a night cut short."""
    async with open_night(_as_night(request), flow="rescore", config=_config(request)) as night:
        await load_registers(night)
        read = await score_backlog(night, request.since)
        headline = f"{read} articles read, {len(night.targets)} targets asked by {night.choice.version}"
        night.writer.finish(headline)
        await publish_station(night.writer)
    return Completed(message=headline, data=headline)


async def count_missing(request: RescoreRequest) -> Missing:
    """Say how much a re-score would do, without doing it."""
    async with open_night(_as_night(request), flow="rescore", config=_config(request)) as night:
        return _count(night, request.since)


def _count(night: Night, since: datetime | None) -> Missing:
    assignments = list(backlog(night, since))
    return Missing(len(assignments), sum(len(a.targets) + a.with_topics for a in assignments))


def _as_night(request: RescoreRequest) -> NightRequest:
    return NightRequest(config=request.config, warehouse=request.warehouse)


def _config(request: RescoreRequest) -> Config:
    config = settle(_as_night(request))
    changes: dict[str, object] = {"sample": False}
    if request.model is not None:
        changes["model"] = config.model.model_copy(update={"name": request.model})
    if request.only_targets:
        known = {target.id for target in config.targets}
        if unknown := sorted(set(request.only_targets) - known):
            raise ConfigError(f"no target {', '.join(unknown)}; configured are {', '.join(sorted(known))}")
        changes["targets"] = tuple(t for t in config.targets if t.id in request.only_targets)
    return config.model_copy(update=changes)
