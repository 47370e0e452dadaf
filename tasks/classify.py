"""The classify station: articles in, one reading each, with what was asked of whom kept beside it."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from socket import gethostname

from commentariat import ModelError
from models import Classifier, Document, Reading, Target, load_classifier
from models.encoder import usable_cores
from models.loading import STATED_RIGHT

ENDING = threading.Event()
"""Set while this process's run ends before its time: threads that classify for it stop after the next few articles."""

_READ_AT_ONCE = 2
"""Articles a thread between two looks at ``ENDING``: some seconds, and texts enough that no thread idles long."""


class ReadingStopped(Exception):  # noqa: N818 - nothing is wrong: the run was asked to end
    """The run is ending, and what was being read is left to the next one."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What the classifier is to read of one article: its text, the targets to ask, and whether topics too.

    Attributes
    ----------
    article_id, revision
        Which text.
    targets
        Targets not yet scored for this revision by the model at hand.
    with_topics
        False where the topics are already there and only a new target has to be asked.
    """

    article_id: str
    revision: int
    title: str | None
    text: str
    language: str | None
    targets: tuple[Target, ...]
    with_topics: bool = True


@dataclass(frozen=True, slots=True)
class Scored:
    """An assignment and what the classifier answered."""

    assignment: Assignment
    reading: Reading


@dataclass(frozen=True, slots=True)
class ClassifierChoice:
    """Which classifier to use. Small and picklable: a worker process loads the model itself, once.

    Attributes
    ----------
    stated_right
        Of all sides stated on general statements, so many are to be right.
    calibration
        Text of a file with a calibration in place of the model's own; empty: its own.
    revision
        Fingerprint that the model must have; empty: whatever is found under its name.
    """

    model: str = "fast"
    taxonomy: str = "cap"
    threads: int = 0
    stated_right: float = STATED_RIGHT
    revision: str = ""
    calibration: str = ""

    @property
    def version(self) -> str:
        """Content fingerprint of the model: the ``model_version`` of every row it writes."""
        return self.revision or self.load().version

    @property
    def weights_version(self) -> str:
        """Fingerprint of what its raw scores come from: the same for every calibration and every ``stated_right``."""
        return self.load().weights_version

    def load(self) -> Classifier:
        """Load the classifier, or give the one this process has already loaded.

        Raises
        ------
        ModelError
            When it cannot be loaded, or is another one on this machine than where the run began.
        """
        classifier = load_classifier(
            self.model,
            taxonomy=self.taxonomy,
            threads=self.threads or None,
            stated_right=self.stated_right,
            calibration=self.calibration,
        )
        if self.revision and classifier.version != self.revision:
            raise ModelError(
                f"The model {self.model!r} on {gethostname()} is {classifier.version}, but this run reads with "
                f"{self.revision}: install the same release, or the same model folder, on every worker."
            )
        return classifier


def classify_batch(assignments: Sequence[Assignment], choice: ClassifierChoice) -> list[Scored]:
    """Read a micro-batch of articles.

    Parameters
    ----------
    assignments
        The articles of a micro-batch, or of a part of it.
    choice
        The classifier to use; loaded on first use and kept for the life of the process.

    Raises
    ------
    ModelError
        When the model cannot be loaded, or is not the one that was chosen.
    ReadingStopped
        When the run ends before its time.
    """
    if not assignments:
        return []
    classifier = choice.load()
    at_once = _READ_AT_ONCE * (choice.threads or usable_cores())
    scored: list[Scored] = []
    for with_topics in (True, False):
        alike = [a for a in assignments if a.with_topics is with_topics]
        for at in range(0, len(alike), at_once):
            if ENDING.is_set():
                raise ReadingStopped("the run is ending; the next one reads these articles")
            group = alike[at : at + at_once]
            readings = classifier.read(
                [Document(a.article_id, a.text, a.title, a.language) for a in group],
                [a.targets for a in group],
                with_topics=with_topics,
            )
            scored.extend(map(Scored, group, readings))
    return scored
