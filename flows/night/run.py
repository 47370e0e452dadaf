"""The parts that every run that may write needs: configuration, the warehouse's writer, the classifier, the targets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from flows.night.classifier.classifier_pool import ClassifierPool, open_classifier_pool
from flows.night.lock import writing
from flows.settings.config import Config
from models import Target
from tasks.classify import ClassifierChoice
from warehouse import Writer


@dataclass(frozen=True, slots=True)
class Run:
    """A run that may write: it holds the warehouse's lock until it is over.

    Attributes
    ----------
    targets
        The configured targets, and those that are asked in this run only.
    never_sent
        Names of the configured sources whose articles are never sent to a second model.
    """

    config: Config
    started_at: datetime
    writer: Writer
    classifier_pool: ClassifierPool
    targets: tuple[Target, ...]
    never_sent: tuple[str, ...]

    @property
    def choice(self) -> ClassifierChoice:
        """The classifier that is used wherever texts are classified."""
        return self.classifier_pool.choice

    @property
    def run_id(self) -> str:
        """Name of the run in every row it writes."""
        return self.writer.run_id


@asynccontextmanager
async def open_run(
    config: Config,
    *,
    flow: str,
    never_sent: tuple[str, ...],
    is_of_inputs: bool | None = None,
    create: bool = True,
    targets: tuple[Target, ...] = (),
) -> AsyncIterator[Run]:
    """Load the classifier, start its workers, and take the warehouse's lock; release all of them at the end.

    Parameters
    ----------
    flow
        Name of the flow, for the commit log.
    never_sent
        Names of the configured sources whose articles are never sent to a second model, also if the request names other
        sources.
    is_of_inputs
        Whether the run takes in only named inputs, for the commit log; None if it takes in nothing.
    create
        False if the warehouse must exist already.
    targets
        Targets to ask in addition to the configured ones.

    Raises
    ------
    ModelError
        When the classifier cannot be loaded.
    ConfigError
        When the processes or the cluster that are to run the classifier cannot be started.
    WarehouseLockedError
        When another run is writing and does not end in time.
    WarehouseError
        When the folder cannot be used as a warehouse.
    """
    # This sets the memory pool of the whole process, because Arrow offers no other way. Arrow's own pool keeps memory
    # that threads have released: with it a night of 10,000 articles needed 742 MB, with the system's allocator 662 MB;
    # a night of 1,000 articles needed 605 MB and 584 MB.
    pa.set_memory_pool(pa.system_memory_pool())
    started_at = datetime.now(UTC)
    settings = config.warehouse
    warehouse = settings.open()
    async with open_classifier_pool(config) as classifier_pool:
        waiting = writing(
            warehouse,
            flow=flow,
            is_of_inputs=is_of_inputs,
            create=create,
            wait_seconds=settings.wait_seconds,
        )
        async with waiting as writer:
            asked = config.asked_targets + targets
            yield Run(config, started_at, writer, classifier_pool, asked, never_sent)


async def finish(run: Run, note: str) -> None:
    """Record that a run is over and how it ended.

    This is done in a thread, as all that the writer does: it may wait for another thread, the disk or the shared place.
    """
    await asyncio.to_thread(run.writer.finish, note)
