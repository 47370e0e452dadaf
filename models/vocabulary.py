"""The types that the classifier takes and gives: what is asked of it, and what it answers.

Every class is a plain frozen record, so that readings can cross process boundaries and be compared in tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

#: What is stated of an author: a side, no side ("neutral"), or that the side is not clear ("unsure").
Stance: TypeAlias = Literal["favor", "against", "neutral", "unsure"]

#: The stances that have a probability of their own, in the order of every array of them. "unsure" is no class of the
#: model but what is stated where none of its classes is likely enough.
STANCES: tuple[Stance, ...] = ("favor", "against", "neutral")
UNSURE: Stance = "unsure"


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a target. A denied one says the opposite: who is for it is against the target."""

    statement: str
    denied: bool = False


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
    also
        The same target in other wordings, or denied; the answers to all of them are averaged.
    """

    id: str
    statement: str
    aliases: tuple[str, ...] = ()
    also: tuple[Wording, ...] = ()

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """Every wording that is asked, the statement itself first."""
        return (Wording(self.statement), *self.also)


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
    """A sentence that shows a stance: ``text[start:end]`` of the document.

    Attributes
    ----------
    start, end
        Character offsets of one whole sentence (of a part, where a "sentence" is longer than a passage).
    stance
        The stance of the answer that the sentence is shown for.
    score
        Share of the attention that this sentence got among all that were read for the target, 0 to 1.
    quoted
        The sentence is mostly somebody else's: inside quotation marks or attributed.
    """

    start: int
    end: int
    stance: Stance
    score: float
    quoted: bool


@dataclass(frozen=True, slots=True)
class WordingScore:
    """What the network gave for one wording of a target: four raw outputs (logits), before any calibration.

    ``favor``, ``against`` and ``neutral`` are of the wording as it was asked: those of a denied one are not turned.
    ``about`` says how much the text shows a stance on it at all.
    """

    wording: Wording
    favor: float
    against: float
    neutral: float
    about: float


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """A sentence that was read for a target, with its share of the attention; see :class:`Evidence`."""

    start: int
    end: int
    score: float
    quoted: bool


@dataclass(frozen=True, slots=True)
class RawScore:
    """Everything that an answer is decided from, kept so that it can be decided again without reading the text.

    Attributes
    ----------
    screen
        The screen's score: how near the text's nearest passage is to the target.
    wordings
        The network's outputs for each wording that was read; empty where the screen left the text out.
    sentences
        The few sentences that are worth showing most, the largest share of the attention first; or none.
    """

    screen: float
    wordings: tuple[WordingScore, ...] = ()
    sentences: tuple[SentenceScore, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetStance:
    """Where a document stands on a target.

    ``p_favor``, ``p_against`` and ``p_neutral`` are probabilities of the whole answer: they sum to ``relevance``, the
    probability that the text shows a stance on the target (or plainly takes none), and the rest, ``1 - relevance``, is
    the probability that it does not speak about it. ``about=False`` states just that: ``stance`` is then "neutral" and
    ``evidence`` empty. ``stance`` is "unsure" where the text seems to show a stance, and no side is clear enough.
    """

    target: Target
    stance: Stance
    p_favor: float
    p_against: float
    p_neutral: float
    relevance: float
    about: bool
    evidence: tuple[Evidence, ...] = ()
    raw: RawScore = field(default=RawScore(0.0))


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything the classifier gives for one document.

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
        """Fingerprint of everything that decides its stances; goes into every stored row."""
        ...

    @property
    def weights_version(self) -> str:
        """Fingerprint of what decides raw scores and topics: the weights and how texts are read.

        Two classifiers that differ only in calibration, or in the share of stated stances that is to be right, have
        the same one.
        """
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

    def decide(self, target: Target, raw: RawScore) -> TargetStance:
        """Answer from raw scores of the same ``weights_version``, without reading a text again."""
        ...
