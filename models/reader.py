"""Reading documents: the order in which the parts are asked, for a whole micro-batch at once.

1. Every document is cut into passages, and one encoder pass over all of them gives topics, the opinion score
   and an embedding for each passage.
2. Embeddings and words say which passages may speak of which target. Nothing else is read for a target.
3. The two likeliest passages of each (document, target) are read in pairs with the statement, each after the title
   and with the passage that follows it; only if they do speak about it, the others are too.
4. The passages' answers become one answer, and the sentences of the weightiest passages are read for evidence.

So the cost grows with what an article discusses, not with the number of targets, and each step is one call of
the encoder for all documents of the micro-batch.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.aggregate import Votes, document_stance
from models.encoder import Encoder
from models.evidence import Candidate, candidates, choose
from models.layout import Layout, lay_out
from models.pairs import PairScorer, PairScores
from models.settings import Floats, Settings
from models.targets import Question, question
from models.topics import OpinionReader, TopicReader
from models.vocabulary import STANCES, Document, Evidence, Reading, Stance, Target, TargetStance, TopicScore

#: Passages read first for a target, and most passages read for it in all.
PROBE, MOST_READ = 2, 8
#: A target is dropped after the probe if its relevance stays under this share of the threshold.
_PROBE_SHARE = 0.5
#: Passages whose sentences are read for evidence.
_EVIDENCE_PASSAGES = 3
#: A passage with this share of the target's content words is a candidate however far its embedding is.
_WORDS = 0.6
#: What a full lexical overlap is worth beside a cosine.
_WORDS_WORTH = 0.3
#: Embeddings of statements and aliases kept.
_REMEMBERED = 4096


@dataclass(slots=True)
class _Inquiry:
    """One target asked of one document, on its way to an answer."""

    layout: Layout
    question: Question
    queue: list[int]  #: passages worth reading, likeliest first
    read: list[int] = field(default_factory=list)
    stance: list[Floats] = field(default_factory=list)
    relevance: list[float] = field(default_factory=list)

    def take(self, passage: int, scores: PairScores, row: int) -> None:
        self.read.append(passage)
        self.stance.append(scores.stance[row])
        self.relevance.append(float(scores.relevance[row]))

    def votes(self) -> Votes:
        length = max(1, len(self.layout.document.text))
        ends = [self.layout.passages[self.layout.covered(at)[-1]].end for at in self.read]
        quoted = [
            np.mean([self.layout.quoted_shares[one] for one in self.layout.covered(at)]) for at in self.read
        ]
        return Votes(
            stance=np.asarray(self.stance, dtype=np.float32),
            relevance=np.asarray(self.relevance, dtype=np.float32),
            quoted=np.asarray(quoted, dtype=np.float32),
            place=np.asarray([end / length for end in ends], dtype=np.float32),
        )


class Reader:
    """A classifier made of the bundled encoder, a reader of pairs and a topic scheme.

    Parameters
    ----------
    name, version
        What the classifier is called, and the fingerprint that goes into every row.
    encoder, settings
        The bundled model: embeddings, topics, opinion.
    pairs
        What decides the stance: the bundled pair heads, or another model.
    topics
        The topic scheme.
    """

    def __init__(
        self,
        *,
        name: str,
        version: str,
        encoder: Encoder,
        settings: Settings,
        pairs: PairScorer,
        topics: TopicReader,
    ) -> None:
        self.name = name
        self.version = version
        self.taxonomy = topics.taxonomy.name
        self._encoder = encoder
        self._settings = settings
        self._pairs = pairs
        self._topics = topics
        self._opinion = OpinionReader(settings)
        self._remembered: OrderedDict[str, Floats] = OrderedDict()

    def read(
        self,
        documents: Sequence[Document],
        targets: Sequence[Sequence[Target]],
        *,
        with_topics: bool = True,
    ) -> list[Reading]:
        """Read documents; ``targets[i]`` are asked of ``documents[i]``.

        Parameters
        ----------
        documents
            Any number; 32 to 128 at once keep the encoder busy.
        targets
            As many sequences of targets as there are documents; each may be empty.
        with_topics
            False leaves topics and the opinion score out, which saves little.

        Returns
        -------
        list of Reading
            One for each document, in order.

        Raises
        ------
        ValueError
            If `documents` and `targets` differ in length.
        """
        if len(documents) != len(targets):
            raise ValueError(f"{len(documents)} documents but {len(targets)} sequences of targets")
        layouts = [lay_out(document, self._encoder.count_tokens) for document in documents]
        titles = [layout.document.title or "" if with_topics else "" for layout in layouts]
        singles = [text for layout in layouts for text in layout.texts] + [
            title for title in titles if title.strip()
        ]
        wanted = (*self._topics.outputs, "opinion_logit") if with_topics else ("embedding",)
        encoded = self._encoder.run(singles, wanted)
        ends = np.cumsum([len(layout.texts) for layout in layouts], dtype=int)
        slices = [slice(end - len(layout.texts), end) for layout, end in zip(layouts, ends, strict=True)]

        inquiries = [
            [self._inquiry(layout, question(target), encoded["embedding"][at]) for target in asked]
            for layout, asked, at in zip(layouts, targets, slices, strict=True)
        ]
        stances = self._answer([inquiry for asked in inquiries for inquiry in asked])
        topics, opinions = self._subjects(encoded, slices, titles) if with_topics else ([], [])
        answers = iter(stances)
        return [
            Reading(
                document_id=layout.document.id,
                topics=topics[number] if with_topics else (),
                stances=tuple(next(answers) for _ in inquiries[number]),
                p_opinion=opinions[number] if with_topics else None,
                language=layout.document.language,
                coverage=layout.coverage,
            )
            for number, layout in enumerate(layouts)
        ]

    def _subjects(
        self, encoded: dict[str, Floats], slices: Sequence[slice], titles: Sequence[str]
    ) -> tuple[list[tuple[TopicScore, ...]], list[float | None]]:
        scores = self._topics.passage_scores(encoded)
        row = slices[-1].stop if slices else 0
        topics: list[tuple[TopicScore, ...]] = []
        for at, title in zip(slices, titles, strict=True):
            of_title = None
            if title.strip():
                of_title, row = scores[row], row + 1
            topics.append(self._topics.document_topics(scores[at], of_title))
        return topics, [self._opinion.document(encoded["opinion_logit"][at, 0]) for at in slices]

    def _inquiry(self, layout: Layout, asked: Question, embeddings: Floats) -> _Inquiry:
        """Screen the passages of a document for a target."""
        phrases = [text for text in (asked.statement, *asked.target.aliases) if text.strip()]
        if not len(embeddings) or not phrases:
            return _Inquiry(layout, asked, [])
        anchors = np.stack([self._embedding(phrase) for phrase in phrases])
        cosine = (embeddings @ anchors.T).max(axis=1)
        words = np.asarray([asked.overlap(*both) for both in zip(layout.texts, layout.stems, strict=True)])
        worth = cosine + _WORDS_WORTH * words
        kept = np.flatnonzero((cosine >= self._settings.thresholds.screen) | (words >= _WORDS))
        queue: list[int] = []
        for at in sorted((int(at) for at in kept), key=lambda at: (-worth[at], at)):
            if at - 1 not in queue:  # it would be read as that one's context already
                queue.append(at)
        return _Inquiry(layout, asked, queue[:MOST_READ])

    def _embedding(self, text: str) -> Floats:
        """Embedding of a statement or alias, computed once."""
        if text not in self._remembered:
            self._remembered[text] = self._encoder.run([text], ["embedding"])["embedding"][0]
            if len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        self._remembered.move_to_end(text)
        return self._remembered[text]

    def _answer(self, inquiries: Sequence[_Inquiry]) -> list[TargetStance]:
        threshold = self._settings.thresholds.relevance
        self._read_passages((inquiry, inquiry.queue[:PROBE]) for inquiry in inquiries)
        promising = [one for one in inquiries if max(one.relevance, default=0.0) >= _PROBE_SHARE * threshold]
        self._read_passages((inquiry, inquiry.queue[PROBE:]) for inquiry in promising)
        decided: list[tuple[_Inquiry, Stance, Floats] | None] = []
        for inquiry in inquiries:
            if max(inquiry.relevance, default=0.0) < threshold:
                decided.append(None)
                continue
            probabilities = document_stance(inquiry.votes())
            decided.append((inquiry, self._decide(probabilities), probabilities))
        evidence = iter(self._evidence([one for one in decided if one is not None]))
        return [
            _not_about(inquiry) if one is None else _about(inquiry, one[1], one[2], next(evidence))
            for inquiry, one in zip(inquiries, decided, strict=True)
        ]

    def _decide(self, probabilities: Floats) -> Stance:
        best = int(np.argmax(probabilities))
        return STANCES[best] if probabilities[best] >= self._settings.thresholds.stance else "neutral"

    def _read_passages(self, wanted: Iterable[tuple[_Inquiry, list[int]]]) -> None:
        rows = [(inquiry, passage) for inquiry, passages in wanted for passage in passages]
        scores = self._pairs.score(
            [(inquiry.question.statement, inquiry.layout.with_context(at)) for inquiry, at in rows]
        )
        for row, (inquiry, passage) in enumerate(rows):
            inquiry.take(passage, scores, row)

    def _evidence(self, decided: Sequence[tuple[_Inquiry, Stance, Floats]]) -> list[tuple[Evidence, ...]]:
        sentences: list[list[Candidate]] = []
        for inquiry, stance, _ in decided:
            votes = inquiry.votes()
            speaks = (
                1.0 - votes.stance[:, 2] if stance == "neutral" else votes.stance[:, STANCES.index(stance)]
            )
            order = np.argsort(-(votes.weights() * (0.1 + speaks)), kind="stable")[:_EVIDENCE_PASSAGES]
            read = [one for at in order for one in inquiry.layout.covered(inquiry.read[int(at)])]
            sentences.append(candidates(inquiry.layout, list(dict.fromkeys(read))))
        scores = self._pairs.score(
            [
                (inquiry.question.statement, sentence.text)
                for (inquiry, _, _), some in zip(decided, sentences, strict=True)
                for sentence in some
            ]
        )
        chosen: list[tuple[Evidence, ...]] = []
        at = 0
        for (_, stance, _), some in zip(decided, sentences, strict=True):
            part = slice(at, at + len(some))
            chosen.append(choose(stance, some, PairScores(scores.stance[part], scores.relevance[part])))
            at += len(some)
        return chosen


def _not_about(inquiry: _Inquiry) -> TargetStance:
    relevance = max(inquiry.relevance, default=0.0)
    return TargetStance(inquiry.question.target, "neutral", 0.0, 0.0, 1.0, relevance, about=False)


def _about(
    inquiry: _Inquiry, stance: Stance, probabilities: Floats, evidence: tuple[Evidence, ...]
) -> TargetStance:
    favor, against, neutral = (float(one) for one in probabilities)
    return TargetStance(
        target=inquiry.question.target,
        stance=stance,
        p_favor=favor,
        p_against=against,
        p_neutral=neutral,
        relevance=max(inquiry.relevance),
        about=True,
        evidence=evidence,
    )
