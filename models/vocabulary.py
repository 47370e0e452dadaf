"""The words the classifier speaks: what is asked of it, and what it answers.

Every class is a plain frozen record, so that readings can cross process boundaries and be compared in tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

Stance: TypeAlias = Literal["favor", "against", "neutral"]

#: Order of the three stances in every array of probabilities.
STANCES: tuple[Stance, ...] = ("favor", "against", "neutral")


@dataclass(frozen=True, slots=True)
class Target:
    """Something that texts take a stand on, and that is tracked.

    Attributes
    ----------
    id
        Stable short name, chosen by the user.
    statement
        A statement ("College should be free"), a noun phrase ("nuclear power"), a person, or a question
        ("Should euthanasia be legal?").
    aliases
        Other words under which texts speak of it; a passage that holds one is always looked at.
    """

    id: str
    statement: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be read. ``text`` is the body that all offsets refer to; ``title`` is context only."""

    id: str
    text: str
    title: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class TopicScore:
    """One topic of a document; ``rank`` 1 is the primary one, ``score`` a probability."""

    code: str
    label: str
    rank: int
    score: float


#: Code of the explicit answer "no topic of this taxonomy fits".
NO_TOPIC = "none"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that speaks for a stance: ``text[start:end]`` of the document.

    Attributes
    ----------
    start, end
        Character offsets of one whole sentence (of a part, where a "sentence" is longer than a passage).
    stance
        What the sentence speaks for, which in a both-sides piece may differ from the document's stance.
    score
        Probability of that stance, from the sentence read with the target.
    quoted
        The sentence is mostly somebody else's: inside quotation marks or attributed.
    """

    start: int
    end: int
    stance: Stance
    score: float
    quoted: bool


@dataclass(frozen=True, slots=True)
class TargetStance:
    """Where a document stands on a target.

    ``about=False`` says that the text does not speak about the target: ``stance`` is then "neutral" and
    ``evidence`` empty. The three probabilities sum to 1; ``relevance`` is the probability that at least one
    passage speaks about the target's subject.
    """

    target: Target
    stance: Stance
    p_favor: float
    p_against: float
    p_neutral: float
    relevance: float
    about: bool
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything the classifier says about one document.

    Attributes
    ----------
    document_id
        ``Document.id``.
    topics
        Primary topic first; empty if topics were not asked for; a single :data:`NO_TOPIC` if none fits.
    stances
        One answer per target asked, in the order asked.
    p_opinion
        Probability that the text is commentary rather than a news report; None if it has no words or topics
        were not asked for.
    language
        As given with the document.
    coverage
        Share of the passages that were read: 1.0 unless the text is longer than a book chapter.
    """

    document_id: str
    topics: tuple[TopicScore, ...]
    stances: tuple[TargetStance, ...]
    p_opinion: float | None = None
    language: str | None = None
    coverage: float = field(default=1.0)


class Classifier(Protocol):
    """What every model offers, bundled or named by the user."""

    @property
    def name(self) -> str:
        """Name under which it was asked for."""
        ...

    @property
    def version(self) -> str:
        """Fingerprint of everything that decides its answers; goes into every stored row."""
        ...

    @property
    def taxonomy(self) -> str:
        """Name of the topic scheme in use."""
        ...

    def read(
        self,
        documents: Sequence[Document],
        targets: Sequence[Sequence[Target]],
        *,
        with_topics: bool = True,
    ) -> list[Reading]:
        """Read documents; ``targets[i]`` are asked of ``documents[i]``. Order is kept."""
        ...
