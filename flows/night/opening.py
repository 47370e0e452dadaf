"""What a night needs in addition to other runs: its sources and targets, the fetcher and the worker processes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from commentariat import InputError
from flows.night.garbage import only_new_objects_searched
from flows.night.run import Run, open_run
from flows.sample.site import sample_site
from flows.settings.config import Config
from flows.settings.extra_target import extra_target
from flows.settings.request import Request, UtcMoment
from models import Target
from tasks.addresses.credentials import without_credentials
from tasks.extract.workers import Workers
from tasks.fetch.fetcher import Fetcher
from tasks.named_inputs import NAMES_OF_INPUTS, source_from_input
from tasks.sources import PUBLISHED_LISTINGS, Source
from tasks.targets.blank_targets import refuse_blank
from tasks.targets.statement_hash import tidied


class NightRequest(Request):
    """The parameters of a night; every field has a default."""

    inputs: list[Annotated[str, AfterValidator(without_credentials)]] = Field(
        default=[], description="URLs or paths to take in instead of the configured sources."
    )
    targets: list[str] = Field(default=[], description="Statements to ask besides the configured targets.")
    since: UtcMoment | None = Field(
        default=None,
        description="Backfill: of what is listed, only what was published from then on. What is due from earlier runs "
        "is taken in too.",
    )
    until: UtcMoment | None = Field(
        default=None, description="Backfill: of what is listed, only what was published before then."
    )

    def applied_to(self, config: Config) -> Config:
        """Apply the values of the request; inputs take the place of the configured sources.

        Raises
        ------
        ConfigError, InputError
            When the warehouse or an input cannot be used, or there is no time between the ends of the period.
        """
        if self.since and self.until and self.since >= self.until:
            raise InputError(
                f"since ({self.since:%Y-%m-%d %H:%M}) must be before until ({self.until:%Y-%m-%d %H:%M}, UTC): there "
                "is no time between the two"
            )
        applied = super().applied_to(config)
        if not self.inputs:
            return applied
        return applied.model_copy(update={"sources": _sources_of(self.inputs), "sample": False})


@dataclass(frozen=True, slots=True)
class Night(Run):
    """A run that takes in articles and scores them.

    Attributes
    ----------
    since, until
        Start and end of the period of a backfill.
    only_listed
        True when the night handles a few named inputs only; what the sources list is left for the next night.
    """

    since: datetime | None
    until: datetime | None
    only_listed: bool
    fetcher: Fetcher
    extract_workers: Workers

    @property
    def listed_in_part(self) -> frozenset[str]:
        """Names of the sources that list nothing as long as their listings do not change; the others list everything.

        Only items from the network can be made again from their stored URL, so files are listed completely every time.
        So are named inputs, because all that they list is due.
        """
        if self.only_listed:
            return frozenset()
        return frozenset(source.name for source in self.config.sources if source.type in PUBLISHED_LISTINGS)

    @property
    def due_parameters(self) -> dict[str, object]:
        """Parameters of the query for the work that is due.

        Inputs named on the command line are always due. Other machines that share the warehouse do not try them again:
        which machine was given them is not stored, and the others may read other languages or hosts.
        """
        return {
            "run_id": self.run_id,
            "sources": [source.name for source in self.config.sources],
            "names_of_inputs": None if self.config.warehouse.shared else NAMES_OF_INPUTS,
            "all_due": self.only_listed,
            "max_attempts": self.config.run.max_attempts,
            "recheck_since": self.started_at - timedelta(days=self.config.run.recheck_days),
        }


@asynccontextmanager
async def open_fetcher(config: Config) -> AsyncIterator[Fetcher]:
    """Open the fetcher, and while it is open serve the sample site where the configuration says so."""
    if not config.sample:
        async with Fetcher(config.fetch) as fetcher:
            yield fetcher
        return
    async with sample_site() as site:
        connect_to = config.fetch.connect_to | site.connect_to
        async with Fetcher(config.fetch.model_copy(update={"connect_to": connect_to})) as fetcher:
            yield fetcher


@asynccontextmanager
async def open_night(request: NightRequest) -> AsyncIterator[Night]:
    """Open everything a night needs.

    Raises what :func:`flows.night.run.open_run`, :meth:`NightRequest.configured` and :meth:`NightRequest.applied_to`
    raise, and :class:`~commentariat.InputError` for a target that is blank, too short, too long, or the id of a
    configured target.
    """
    configured = request.configured()
    config = request.applied_to(configured)
    extra = _extra_targets(request.targets, config.asked_targets)
    opening = open_run(
        config,
        flow="nightly",
        is_of_inputs=bool(request.inputs),
        targets=extra,
        never_sent=configured.never_sent,
    )
    async with opening as run:
        # The event loop stands still while the first one begins, so this is before anything is fetched.
        with only_new_objects_searched(), Workers(config.extract) as workers:
            async with open_fetcher(config) as fetcher:
                yield Night(
                    config=config,
                    started_at=run.started_at,
                    writer=run.writer,
                    classifier_pool=run.classifier_pool,
                    targets=run.targets,
                    never_sent=run.never_sent,
                    taxonomy=run.taxonomy,
                    since=request.since,
                    until=request.until,
                    only_listed=bool(request.inputs),
                    fetcher=fetcher,
                    extract_workers=workers,
                )


def _sources_of(inputs: list[str]) -> tuple[Source, ...]:
    sources = [source_from_input(text) for text in inputs]
    return tuple(
        source.model_copy(update={"name": f"input-{number}"} if number > 1 else {})
        for number, source in enumerate(sources, start=1)
    )


def _extra_targets(statements: list[str], configured: tuple[Target, ...]) -> tuple[Target, ...]:
    """Make targets of statements that are not configured; no two targets may share an id."""
    statement_of = {target.id: target.statement for target in configured}
    known = {tidied(statement) for statement in statement_of.values()}
    ids = set(statement_of)
    extra: list[Target] = []
    refuse_blank(statements)
    for statement in dict.fromkeys(map(tidied, statements)):
        if statement in known:
            continue
        if statement in statement_of:
            raise InputError(
                f"{statement} is the id of a configured target ({statement_of[statement]!r}), which every run asks: "
                "leave it out, or write a statement"
            )
        target = extra_target(statement, taken=ids)
        ids.add(target.id)
        extra.append(target)
    return tuple(extra)
