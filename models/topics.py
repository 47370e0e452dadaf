"""Topics of a whole document, from what each of its passages is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.calibration import Floats
from models.encoder import Encoder
from models.settings import Settings
from models.taxonomy import Taxonomy
from models.vocabulary import NO_TOPIC, TopicScore

#: Most topics named for one document.
MOST_TOPICS = 4
#: A title says in ten words what the piece is about: it counts as this share of the whole text.
_TITLE = 0.25
#: The threshold is fitted on texts of one passage. Over many passages every topic's mean is lower, so from
#: :data:`_SEVERAL` passages on this share of the threshold is asked for.
_SHARE_OF_THRESHOLD, _SEVERAL = 0.5, 3
#: A secondary topic must reach this share of the primary one's score.
_BESIDE_PRIMARY = 0.4
#: Likeness of a passage and a described topic becomes a probability by sigmoid(slope x (cosine - middle)): a
#: logistic fit of the bundled scheme's descriptions to news articles and headlines coded by hand.
_MIDDLE, _SLOPE = 0.37, 14.0
#: Probability from which a topic is named by likeness; the one that gave the best F1 on the same articles.
_NAMED_BY_LIKENESS = 0.12


class TopicScorer:
    """Names the topics of documents in one taxonomy.

    Where the taxonomy's codes are those that the model was trained on, its topic head answers. In any other
    taxonomy a passage belongs to the topics whose label and description its embedding is like (zero-shot).
    """

    def __init__(self, taxonomy: Taxonomy, encoder: Encoder, settings: Settings) -> None:
        self.taxonomy = taxonomy
        self._settings = settings
        codes = tuple(topic.code for topic in taxonomy.topics)
        trained = taxonomy.name == settings.taxonomy and set(codes) <= set(settings.topic_codes)
        self._columns = [settings.topic_codes.index(code) for code in codes] if trained else None
        self._anchors: Floats | None = None
        self._threshold = settings.thresholds.topic if trained else _NAMED_BY_LIKENESS
        if not trained:
            texts = [f"{topic.label}: {topic.description}" for topic in taxonomy.topics]
            self._anchors = encoder.run(texts, ["embedding"])["embedding"]

    @property
    def outputs(self) -> tuple[str, ...]:
        """Outputs of the encoder that are needed for each passage."""
        return ("embedding",) if self._columns is None else ("topic_logits", "embedding")

    def passage_scores(self, encoded: dict[str, Floats]) -> Floats:
        """Probability [passages, topics] that a passage is about each topic."""
        if self._columns is not None:
            return self._settings.topic.sigmoid(encoded["topic_logits"][:, self._columns])
        assert self._anchors is not None
        cosine = encoded["embedding"] @ self._anchors.T
        return np.asarray(1.0 / (1.0 + np.exp(-_SLOPE * (cosine - _MIDDLE))), dtype=np.float32)

    def document_topics(self, passages: Floats, title: Floats | None) -> tuple[TopicScore, ...]:
        """Combine passage probabilities into the topics of a document.

        Parameters
        ----------
        passages
            Probabilities [n, topics]; n may be 0.
        title
            Probabilities [topics] of the title, if there is one.

        Returns
        -------
        tuple of TopicScore
            The primary topic first; a single :data:`~models.vocabulary.NO_TOPIC` if none reaches the
            threshold.
        """
        if len(passages):
            # The quadratic mean lets a topic that fills part of the text count for more than its share of it.
            scores = np.sqrt(np.mean(np.square(passages.astype(np.float64)), axis=0))
            if title is not None:
                scores = (1.0 - _TITLE) * scores + _TITLE * title
        elif title is not None:
            scores = title.astype(np.float64)
        else:
            return (_none(1.0),)
        order = np.argsort(-scores, kind="stable")
        best = float(scores[order[0]])
        threshold = self._threshold * (_SHARE_OF_THRESHOLD if len(passages) >= _SEVERAL else 1.0)
        if best < threshold:
            return (_none(1.0 - best),)
        least = max(threshold, _BESIDE_PRIMARY * best)
        named = [int(index) for index in order[:MOST_TOPICS] if scores[index] >= least]
        return tuple(
            TopicScore(
                self.taxonomy.topics[index].code,
                self.taxonomy.topics[index].label,
                rank,
                float(scores[index]),
            )
            for rank, index in enumerate(named, start=1)
        )


def _none(score: float) -> TopicScore:
    return TopicScore(NO_TOPIC, "None of these", 1, score)


@dataclass(frozen=True, slots=True)
class OpinionScorer:
    """Says whether a text is commentary or a news report."""

    settings: Settings

    def document(self, logits: Sequence[float] | Floats) -> float | None:
        """Probability of commentary, from the opinion logit of each passage; None without any."""
        if len(logits) == 0:
            return None
        mean = np.asarray([[float(np.mean(logits))]], dtype=np.float32)
        return float(self.settings.opinion.sigmoid(mean)[0, 0])
