"""The classifier's interface: its input, its output, and the protocol that every model fulfils.

Every class is a plain frozen record, so that readings can be sent between processes and compared in tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from commentariat import InputError

#: The stated stance of an author: a side, no side ("neutral"), or a side that is not clear ("unsure").
Stance: TypeAlias = Literal["favor", "against", "neutral", "unsure"]

#: The stances that have a probability, in the order of every array of them. "unsure" is not a class of the model. It is
#: stated if none of the classes is likely enough.
STANCES: tuple[Stance, ...] = ("favor", "against", "neutral")
UNSURE: Stance = "unsure"

#: Every stance that an answer can state, in the order in which they are shown.
ALL_STANCES: tuple[Stance, ...] = (*STANCES, UNSURE)


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a target. A denied wording says the opposite: an author who is for it is against the target."""

    statement: str
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A statement with which an author can agree or disagree, and that the user tracks.

    Attributes
    ----------
    id
        Stable short name, chosen by the user.
    statement
        The statement ("College should be free"). A question ("Should euthanasia be legal?"), a noun phrase ("nuclear
        power") or a person is accepted too, with more wrong answers.
    aliases
        Other words that texts use for it. A passage that contains one of them counts as if it had all words of the
        statement, so it nearly always passes the screen.
    also
        The same target in other wordings, or denied. The answers to all wordings are combined.
    """

    id: str
    statement: str
    aliases: tuple[str, ...] = ()
    also: tuple[Wording, ...] = ()

    def __post_init__(self) -> None:
        """Make tuples of the aliases and wordings; refuse a single text, whose letters would be taken for them.

        Raises
        ------
        InputError
            If ``aliases`` or ``also`` is a text, or a wording is not a :class:`Wording`.
        """
        if _is_single(self.aliases) or _is_single(self.also):
            raise InputError(f"target {self.id!r}: aliases and also are lists: put a single one into a list")
        # A generator gives its values only once, and the check below would use them up.
        aliases, also = tuple(self.aliases), tuple(self.also)
        if not all(isinstance(wording, Wording) for wording in also):
            raise InputError(
                f"target {self.id!r}: also holds wordings: write Wording('...') for each, or "
                "Wording('...', denied=True)"
            )
        object.__setattr__(self, "aliases", aliases)
        object.__setattr__(self, "also", also)

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """All wordings that are asked; the statement itself is the first."""
        return (Wording(self.statement), *self.also)


def _is_single(given: object) -> bool:
    """Whether a text or a wording was given in place of a list of them, which type checkers refuse already."""
    return isinstance(given, str | Wording)


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be classified. All offsets refer to ``text``, the body; ``title`` is used only as context."""

    id: str
    text: str
    title: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class TopicScore:
    """One topic of a document; ``rank`` 1 is the main topic, ``score`` is a probability."""

    code: str
    label: str
    rank: int
    score: float


#: Code of the explicit answer "no topic of this taxonomy fits".
NO_TOPIC = "none"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that shows a stance: the characters ``text[start:end]`` of the document.

    Attributes
    ----------
    start, end
        Character offsets of a whole sentence (or of a part, if the sentence is longer than a passage).
    stance
        The stance of the answer for which the sentence is shown.
    score
        This sentence's evidence share: its part of 1 among all sentences that were read for the target.
    quoted
        True if most of the sentence is somebody else's words: inside quotation marks or attributed to others.
    """

    start: int
    end: int
    stance: Stance
    score: float
    quoted: bool


@dataclass(frozen=True, slots=True)
class WordingScore:
    """The model's outputs for one wording of a target: four raw outputs (logits), before any calibration.

    ``favor``, ``against`` and ``neutral`` refer to the wording as it was asked; for a denied wording they are not
    exchanged. ``about`` is the logit that the author takes a side on the wording, or discusses it and takes none; the
    worth of the text for the wording is a part of it (:class:`models.pairs.BundledPairs`).
    """

    wording: Wording
    favor: float
    against: float
    neutral: float
    about: float


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """A sentence that was read for a target, and its evidence share; see :class:`Evidence`."""

    start: int
    end: int
    score: float
    quoted: bool


@dataclass(frozen=True, slots=True)
class RawScore:
    """All values from which an answer is decided; they are stored, so that it can be decided again without the text.

    Attributes
    ----------
    screen
        The screen's score: how similar to the target the best passages of the text are
        (:func:`models.packs.screen_score`).
    wordings
        The network's outputs for each wording that was read; empty if the text did not pass the screen.
    sentences
        A few sentences that are best shown as evidence, the one with the largest evidence share first; or none.
    """

    screen: float
    wordings: tuple[WordingScore, ...] = ()
    sentences: tuple[SentenceScore, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetStance:
    """The stance of a document on a target.

    ``p_favor``, ``p_against`` and ``p_neutral`` are probabilities of classes of the answer. Their sum is ``relevance``,
    the probability that the author takes a side on the target, or discusses it and takes none. The rest,
    ``1 - relevance``, is the probability that the text does not speak about the target, which includes a text
    that only mentions the matter. ``about=False`` states this last case: then ``stance`` is "neutral" and ``evidence``
    is empty. ``stance`` is "unsure" if the text seems to take a side, but none is clear enough.
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
    """The complete result of the classifier for one document.

    Attributes
    ----------
    document_id
        ``Document.id``.
    topics
        The main topic first; empty if topics were not asked for; a single :data:`NO_TOPIC` if no topic fits.
    stances
        One answer for each target, in the order of the targets.
    p_opinion
        Probability that the text is commentary and not a news report; None if it has no words or if topics were not
        asked for.
    coverage
        Share of the passages that were read: 1.0 up to 1,024 passages, which are about 45,000 words.
    """

    document_id: str
    topics: tuple[TopicScore, ...]
    stances: tuple[TargetStance, ...]
    p_opinion: float | None = None
    coverage: float = 1.0


class Classifier(Protocol):
    """The interface of every model, bundled or named by the user."""

    @property
    def name(self) -> str:
        """Name by which the model was loaded."""
        ...

    @property
    def version(self) -> str:
        """Fingerprint of everything that determines its stances and topics; stored in every row."""
        ...

    @property
    def weights_version(self) -> str:
        """Fingerprint of everything that determines raw scores: the weights, and how texts are read.

        Two classifiers have the same one if they differ only in calibration, in the share of stated stances that is to
        be right, or in the taxonomy.
        """
        ...

    @property
    def topics_version(self) -> str:
        """Fingerprint of the taxonomy's content; empty for the taxonomy on which the model was trained.

        Two classifiers with the same ``weights_version`` and the same ``topics_version`` give the same topics.
        """
        ...

    def read(
        self,
        documents: Sequence[Document],
        targets: Sequence[Sequence[Target]],
        *,
        with_topics: bool = True,
    ) -> list[Reading]:
        """Classify documents; ``targets[i]`` are asked of ``documents[i]``. The result has the same order."""
        ...

    def decide(self, target: Target, raw: RawScore) -> TargetStance:
        """Decide an answer from raw scores of the same ``weights_version``, without reading the text again."""
        ...
