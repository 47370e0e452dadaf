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
from models.taxonomy import load_taxonomy
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
    taxonomy
        Name of the taxonomy in the rows of topics: that under which they have been stored so far, also if the
        configuration now gives the file another path.
    """

    config: Config
    started_at: datetime
    writer: Writer
    classifier_pool: ClassifierPool
    targets: tuple[Target, ...]
    never_sent: tuple[str, ...]
    taxonomy: str

    @property
    def taxonomy_version(self) -> str:
        """The taxonomy as the table ``model`` has it: its name and, except for the model's own, its fingerprint.

        Models with the same ``weights_version`` and the same taxonomy version give the same topics.
        """
        return f"{self.taxonomy} {self.choice.topics_version}".rstrip()

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
            taxonomy = await asyncio.to_thread(_taxonomy_stored_as, writer, classifier_pool.choice)
            yield Run(config, started_at, writer, classifier_pool, asked, never_sent, taxonomy)


def _taxonomy_stored_as(writer: Writer, choice: ClassifierChoice) -> str:
    """Give the taxonomy the name that the stored topics have, so that queries do not count it as two taxonomies."""
    if not choice.topics_version:  # the model's own, perhaps read from a copy of its file
        return load_taxonomy(choice.taxonomy_file or choice.taxonomy).name
    stored = writer.query_file("taxonomy_stored_as", {"topics_version": choice.topics_version}).to_pylist()
    return str(stored[0]["name"]) if stored else choice.taxonomy


async def finish(run: Run, note: str) -> None:
    """Record that a run is over and how it ended.

    This is done in a thread, as all that the writer does: it may wait for another thread, the disk or the shared place.
    """
    await asyncio.to_thread(run.writer.finish, note)
