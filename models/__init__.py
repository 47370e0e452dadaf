"""The classifier: text in, labelled scores out.

The classifier does not depend on the origin of the texts or on the use of the answers. Load one with
:func:`load_classifier`, give its ``read`` some :class:`Document` s and, for each, the :class:`Target` s to ask. The
result is one :class:`Reading` for each document.
"""

from models.loading import bundled_models, load_classifier
from models.passages import Passage, split_passages
from models.quotes import quoted_spans
from models.sentences import sentence_spans
from models.taxonomy import Taxonomy, Topic, bundled_taxonomies, load_taxonomy
from models.vocabulary import (
    NO_TOPIC,
    STANCES,
    UNSURE,
    Classifier,
    Document,
    Evidence,
    RawScore,
    Reading,
    SentenceScore,
    Stance,
    Target,
    TargetStance,
    TopicScore,
    Wording,
    WordingScore,
)

__all__ = [
    "NO_TOPIC",
    "STANCES",
    "UNSURE",
    "Classifier",
    "Document",
    "Evidence",
    "Passage",
    "RawScore",
    "Reading",
    "SentenceScore",
    "Stance",
    "Target",
    "TargetStance",
    "Taxonomy",
    "Topic",
    "TopicScore",
    "Wording",
    "WordingScore",
    "bundled_models",
    "bundled_taxonomies",
    "load_classifier",
    "load_taxonomy",
    "quoted_spans",
    "sentence_spans",
    "split_passages",
]
