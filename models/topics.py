"""Topics of a whole document, computed from the topics of its passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.calibration import Floats, sigmoid
from models.encoder import Encoder
from models.interface import NO_TOPIC, TopicScore
from models.settings import Settings
from models.taxonomy import Taxonomy

#: Largest number of topics for one document.
MOST_TOPICS = 4
#: A title names the subject in about ten words: it counts as this share of the whole text.
_TITLE = 0.25
#: The threshold was fitted on texts of one passage. Over many passages the mean of every topic is lower. Therefore,
#: from :data:`_SEVERAL` passages on, only this share of the threshold is required.
_SHARE_OF_THRESHOLD, _SEVERAL = 0.5, 3
#: A secondary topic must reach this share of the primary one's score.
_BESIDE_PRIMARY = 0.4
#: The similarity of a passage and a described topic becomes a probability by sigmoid(slope x (cosine - middle)): a
#: logistic fit of the descriptions of a bundled taxonomy to news articles and headlines coded by hand.
_MIDDLE, _SLOPE = 0.37, 14.0
#: Probability from which a topic is named by similarity; this value gave the best F1 on the same articles.
_NAMED_BY_LIKENESS = 0.12


class TopicScorer:
    """Gives the topics of documents in one taxonomy.

    If the taxonomy has the codes on which the model was trained, with their descriptions, the model's topic head gives
    the scores. In any other taxonomy a passage belongs to the topics whose label and description have an embedding
    similar to its own (zero-shot).
    """

    def __init__(self, taxonomy: Taxonomy, encoder: Encoder, settings: Settings) -> None:
        self.taxonomy = taxonomy
        self._settings = settings
        codes = tuple(topic.code for topic in taxonomy.topics)
        trained = (
            taxonomy.name == settings.taxonomy
            and set(codes) <= set(settings.topic_codes)
            and taxonomy.is_part_of(settings.taxonomy)
        )
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
        return sigmoid(_SLOPE * (cosine - _MIDDLE))

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
            The main topic first; a single :data:`~models.interface.NO_TOPIC` if no topic reaches the threshold.
        """
        if len(passages):
            # In the quadratic mean, a topic of a part of the text counts for more than that part's share of the text.
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
    """Computes whether a text is commentary or a news report."""

    settings: Settings

    def document(self, logits: Sequence[float] | Floats) -> float | None:
        """Probability of commentary, from the opinion logit of each passage; None without any."""
        if len(logits) == 0:
            return None
        mean = np.asarray([[float(np.mean(logits))]], dtype=np.float32)
        return float(self.settings.opinion.sigmoid(mean)[0, 0])
