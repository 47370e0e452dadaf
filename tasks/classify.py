"""The classify station: it takes articles and gives a reading for each, together with the questions asked."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from socket import gethostname

from commentariat import ModelError
from models import Classifier, Document, Reading, load_classifier
from models.cores import usable_cores
from models.loading import DEFAULT_MODEL, DEFAULT_TAXONOMY, STATED_RIGHT
from tasks.article import Article, Kind
from tasks.asked_article import AskedArticle

ENDING = threading.Event()
"""Set when this process's run ends early: threads that classify for it stop after the next few articles."""

OPINION_FROM = 0.5
"""From this probability on, an article counts as opinion.

The probability was calibrated with equal weights of opinion and news, so at one half neither is the likelier one.
"""

_READ_AT_ONCE = 2
"""Articles that a thread classifies between two checks of ``ENDING``: some seconds of work for each."""


class ReadingStopped(Exception):  # noqa: N818 - not an error: the run was asked to end
    """The run is ending; the articles that were being read are left to the next run."""


@dataclass(frozen=True, slots=True)
class Assignment(AskedArticle):
    """The questions of the classifier about one article: targets for which it has not yet scored this revision.

    Attributes
    ----------
    with_topics
        False if the topics are already stored and only new targets have to be asked.
    """

    with_topics: bool = True


@dataclass(frozen=True, slots=True)
class Scored:
    """An assignment and the classifier's answer."""

    assignment: Assignment
    reading: Reading


@dataclass(frozen=True, slots=True)
class ClassifierChoice:
    """The classifier to use. The object is small and can be pickled; a worker process loads the model itself, once.

    Attributes
    ----------
    stated_right
        The share of the sides stated on general statements that is to be right.
    calibration
        Text of a file with a calibration that replaces the model's own; empty: the model's own is used.
    required_version
        Fingerprint that the model must have; empty: any model of this name is accepted.
    model_folder, taxonomy_file
        The places of the model and of the taxonomy if they are files; empty: they are found by their names. Stored
        rows have the names.
    """

    model: str = DEFAULT_MODEL
    taxonomy: str = DEFAULT_TAXONOMY
    threads: int = 0
    stated_right: float = STATED_RIGHT
    required_version: str = ""
    calibration: str = ""
    model_folder: str = ""
    taxonomy_file: str = ""

    @property
    def version(self) -> str:
        """Content fingerprint of the model: the ``model_version`` of every row it writes."""
        return self.required_version or self.load().version

    @property
    def weights_version(self) -> str:
        """Fingerprint of everything that determines raw scores; calibration and ``stated_right`` do not count."""
        return self.load().weights_version

    @property
    def topics_version(self) -> str:
        """Fingerprint of the taxonomy's content; empty for the taxonomy on which the model was trained."""
        return self.load().topics_version

    def load(self) -> Classifier:
        """Load the classifier, or return it if this process has already loaded it.

        Raises
        ------
        ModelError
            When it cannot be loaded, or when this machine has another model than the machine where the run began.
        """
        classifier = load_classifier(
            self.model_folder or self.model,
            taxonomy=self.taxonomy_file or self.taxonomy,
            threads=self.threads or None,
            stated_right=self.stated_right,
            calibration=self.calibration,
        )
        if self.required_version and classifier.version != self.required_version:
            raise ModelError(
                f"The model {self.model!r} on {gethostname()} is {classifier.version}, but this run reads with "
                f"{self.required_version}: install the same release, or the same model folder, on every worker."
            )
        return classifier


def classify_batch(assignments: Sequence[Assignment], choice: ClassifierChoice) -> list[Scored]:
    """Classify a micro-batch of articles.

    Parameters
    ----------
    assignments
        The articles of a micro-batch, or of a part of it.
    choice
        The classifier to use; it is loaded at the first use and kept until the process ends.

    Raises
    ------
    ModelError
        When the model cannot be loaded, or is not the chosen one.
    ReadingStopped
        When the run ends early.
    """
    if not assignments:
        return []
    classifier = choice.load()
    at_once = _READ_AT_ONCE * (choice.threads or usable_cores())
    scored: list[Scored] = []
    for with_topics in (True, False):
        alike = [a for a in assignments if a.with_topics is with_topics]
        for start in range(0, len(alike), at_once):
            if ENDING.is_set():
                raise ReadingStopped("the run is ending; the next one reads these articles")
            group = alike[start : start + at_once]
            readings = classifier.read(
                [Document(a.article_id, a.text, a.title, a.language) for a in group],
                [a.targets for a in group],
                with_topics=with_topics,
            )
            scored.extend(map(Scored, group, readings))
    return scored


def with_kind(articles: Sequence[Article], scored: Sequence[Scored]) -> list[Article]:
    """Use the classifier's answer for opinion or news where the page itself does not state it.

    Returns
    -------
    list of Article
        All of ``articles``, in their order. An unknown kind stays unknown if the classifier gave no answer.
    """
    opinion = {answer.assignment.article_id: answer.reading.p_opinion for answer in scored}
    return [_with_kind(article, opinion.get(article.article_id)) for article in articles]


def _with_kind(article: Article, p_opinion: float | None) -> Article:
    if article.kind != "unknown" or p_opinion is None:
        return article
    kind: Kind = "opinion" if p_opinion >= OPINION_FROM else "news"
    return replace(article, kind=kind, kind_signal=f"classifier: p(opinion) = {p_opinion:.2f}")
