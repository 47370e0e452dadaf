"""The classifier: the steps by which a micro-batch of documents is classified.

1. Every document is cut into passages. One pass of the text graph over all passages gives topics, the opinion score,
   an embedding for each passage and a vector for each token.
2. The screen compares embeddings, tokens and words to find the passages that may speak about a target
   (:mod:`models.similarity`). If a document has no such passages, the pair graph is not run for that target.
3. For each remaining pair of document and target, the best passages are packed into one input (:mod:`models.packs`),
   a short one if the document hardly passes the screen. One pass of the pair graph gives the raw scores: the stance,
   whether the text is about the target, and the evidence share of each sentence.
4. The raw scores become an answer (:mod:`models.answers`).

Therefore the cost of an article grows with the number of targets that it discusses, not with the number of all
targets. Each step is one call of the encoder for all documents that are given together.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from commentariat import CommentariatError
from models.answers import AnswerSettings, decide
from models.calibration import Floats
from models.encoder import Encoder
from models.evidence import mean_scores, sentence_scores
from models.interface import (
    Document,
    RawScore,
    Reading,
    Target,
    TargetStance,
    TopicScore,
    Wording,
    WordingScore,
)
from models.layout import Layout, lay_out
from models.packs import Pack, pack, screen_score, tokens_of_pack, worth_of_passages
from models.pairs import PairScorer
from models.questions import as_statement
from models.search_terms import SearchTerms, search_terms
from models.settings import Settings
from models.similarity import PassageVectors, Phrase, encode, phrase_of
from models.topics import OpinionScorer, TopicScorer

#: Number of statements and aliases whose vectors are kept, some 12 KB each: more than a run asks. All of them are asked
#: of each article, so if there was one more than are kept, all would be computed anew for every article.
_REMEMBERED = 1 << 14


@dataclass(frozen=True, slots=True)
class _Screened:
    """A document screened for a target: the screen's score, and a pack for each wording if it passes."""

    layout: Layout
    target: Target
    screen: float
    packs: tuple[tuple[Wording, Pack], ...]


class DocumentClassifier:
    """A classifier that consists of the bundled text graph, a scorer of pairs and a taxonomy.

    Parameters
    ----------
    name
        Name of the classifier.
    weights_version, topics_version, version
        Fingerprints: of everything that determines raw scores; of the taxonomy; of everything that determines
        answers.
    encoder, settings
        The bundled text graph, and the settings in its folder: embeddings, topics, opinion, calibration.
    pairs
        The model that scores packs: the bundled pair graph, or another model.
    topics
        The scorer of topics, for one taxonomy.
    stated_right
        The share of the stated sides that is to be right.
    """

    def __init__(
        self,
        *,
        name: str,
        weights_version: str,
        topics_version: str = "",
        version: str,
        encoder: Encoder,
        settings: Settings,
        pairs: PairScorer,
        topics: TopicScorer,
        stated_right: float,
    ) -> None:
        self.name = name
        self.weights_version = weights_version
        self.topics_version = topics_version
        self.version = version
        self._encoder = encoder
        self._settings = settings
        self._pairs = pairs
        self._topics = topics
        self._opinion = OpinionScorer(settings)
        self._threshold = settings.answer.threshold(stated_right)
        self._remembered: OrderedDict[str, Phrase] = OrderedDict()

    @property
    def answer_settings(self) -> AnswerSettings:
        """The settings by which raw scores become answers."""
        return self._settings.answer

    def read(
        self,
        documents: Sequence[Document],
        targets: Sequence[Sequence[Target]],
        *,
        with_topics: bool = True,
    ) -> list[Reading]:
        """Classify documents; ``targets[i]`` are asked of ``documents[i]``.

        Parameters
        ----------
        documents
            Any number of documents. Each input is run alone, as many at a time as there are threads, so many documents
            at once are no faster than a few for each thread, and need more memory.
        targets
            One sequence of targets for each document; a sequence may be empty.
        with_topics
            False gives no topics and no opinion score. This saves little time.

        Returns
        -------
        list of Reading
            One for each document, in order.

        Raises
        ------
        ValueError
            If `documents` and `targets` differ in length.
        CommentariatError
            If an output of the network is not a number, which no answer can be made of.
        """
        if len(documents) != len(targets):
            raise ValueError(f"{len(documents)} documents but {len(targets)} sequences of targets")
        layouts = [lay_out(document, self._encoder.count_tokens) for document in documents]
        titles = [(layout.document.title or "") if with_topics else "" for layout in layouts]
        # All passages of all documents, and behind them the titles; `slices` are the places of each one's passages.
        singles = [text for layout in layouts for text in layout.texts] + [
            title for title in titles if title.strip()
        ]
        wanted = (*self._topics.outputs, "opinion_logit") if with_topics else ("embedding",)
        encoded, tokens = encode(self._encoder, singles, wanted)
        ends = np.cumsum([len(layout.texts) for layout in layouts], dtype=int)
        slices = [slice(end - len(layout.texts), end) for layout, end in zip(layouts, ends, strict=True)]

        vectors = (PassageVectors(encoded["embedding"][place], tokens[place]) for place in slices)
        screened = [
            self._screened(layout, target, passages)
            for layout, asked, passages in zip(layouts, targets, vectors, strict=True)
            for target in asked
        ]
        answers = iter(
            self.decide(screening.target, raw)
            for screening, raw in zip(screened, self._raw_scores(screened), strict=True)
        )
        topics, opinions = self._topics_and_opinions(encoded, slices, titles) if with_topics else ([], [])
        return [
            Reading(
                document_id=layout.document.id,
                topics=topics[number] if with_topics else (),
                stances=tuple(next(answers) for _ in targets[number]),
                p_opinion=opinions[number] if with_topics else None,
                coverage=layout.coverage,
            )
            for number, layout in enumerate(layouts)
        ]

    def decide(self, target: Target, raw: RawScore) -> TargetStance:
        """Decide an answer from raw scores of the same ``weights_version``, without reading the text again."""
        return decide(target, raw, self._settings.answer, self._threshold)

    def _topics_and_opinions(
        self, encoded: dict[str, Floats], slices: Sequence[slice], titles: Sequence[str]
    ) -> tuple[list[tuple[TopicScore, ...]], list[float | None]]:
        scores = self._topics.passage_scores(encoded)
        # The titles are behind all passages, in the order of the documents.
        row = slices[-1].stop if slices else 0
        topics: list[tuple[TopicScore, ...]] = []
        for place, title in zip(slices, titles, strict=True):
            of_title = None
            if title.strip():
                of_title, row = scores[row], row + 1
            topics.append(self._topics.document_topics(scores[place], of_title))
        return topics, [self._opinion.document(encoded["opinion_logit"][place, 0]) for place in slices]

    def _screened(self, layout: Layout, target: Target, passages: PassageVectors) -> _Screened:
        """Screen a document for a target; if it passes, make a pack for each wording."""
        if not len(passages):
            return _Screened(layout, target, 0.0, ())
        worths = [
            (wording, worth_of_passages(layout, terms, passages.similarity(self._phrases(terms))))
            for wording in target.wordings
            if (terms := search_terms(wording.statement, target.aliases)).phrases_to_embed
        ]
        screen = max((screen_score(worth) for _, worth in worths), default=0.0)
        if screen < self._settings.thresholds.screen:
            return _Screened(layout, target, screen, ())
        budget = tokens_of_pack(screen, self._settings.thresholds.full_pack)
        packs = []
        for wording, worth in worths:
            alone = search_terms(wording.statement)
            of_wording = (
                worth_of_passages(layout, alone, passages.similarity(self._phrases(alone)))
                if target.aliases and alone.phrases_to_embed
                else None
            )
            packs.append((wording, pack(layout, worth, budget, of_wording=of_wording)))
        return _Screened(layout, target, screen, tuple(packs))

    def _phrases(self, terms: SearchTerms) -> list[Phrase]:
        return [self._phrase(text) for text in terms.phrases_to_embed]

    def _phrase(self, text: str) -> Phrase:
        """Give the vectors of a statement or alias, computed once."""
        if text not in self._remembered:
            self._remembered[text] = phrase_of(text, self._encoder)
            if len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        self._remembered.move_to_end(text)
        return self._remembered[text]

    def _raw_scores(self, screened: Sequence[_Screened]) -> list[RawScore]:
        """Score every pack."""
        scores = iter(
            self._pairs.score(
                [
                    (as_statement(wording.statement), packed)
                    for screening in screened
                    for wording, packed in screening.packs
                ]
            )
        )
        raw_scores: list[RawScore] = []
        for screening in screened:
            wordings, sentences = [], []
            for wording, packed in screening.packs:
                score = next(scores)
                favor, against, neutral = (float(logit) for logit in score.stance)
                if not np.isfinite([favor, against, neutral, score.about]).all():
                    # It cannot be stored, and would end every night in the same way; the other articles can be read.
                    raise CommentariatError(
                        f"{self.name} gives no number for the text {screening.layout.document.id} and the statement "
                        f"{wording.statement!r}: a checkpoint of 16 bits may overflow; name one of 32 bits in [model]"
                    )
                wordings.append(WordingScore(wording, favor, against, neutral, score.about))
                sentences.append(sentence_scores(screening.layout, packed, score.sentences))
            raw_scores.append(RawScore(screening.screen, tuple(wordings), mean_scores(sentences)))
        return raw_scores
