"""The classifier: text in, labelled scores out.

The classifier does not depend on the origin of the texts or on the use of the answers. Load one with
:func:`load_classifier`, give its ``read`` some :class:`Document` s and, for each, the :class:`Target` s to ask. The
result is one :class:`Reading` for each document.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING

# ONNX Runtime reports its use to its maker over the network, unless this is set before it is imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

if TYPE_CHECKING:
    from models.interface import (
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
    from models.loading import bundled_models, load_classifier
    from models.taxonomy import Taxonomy, Topic, bundled_taxonomies, load_taxonomy

__all__ = [
    "NO_TOPIC",
    "STANCES",
    "UNSURE",
    "Classifier",
    "Document",
    "Evidence",
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
]

# A process that only needs one of the modules, such as a worker that extracts texts, must not import the others.
_DEFINED_IN = {
    "Taxonomy": "models.taxonomy",
    "Topic": "models.taxonomy",
    "bundled_models": "models.loading",
    "bundled_taxonomies": "models.taxonomy",
    "load_classifier": "models.loading",
    "load_taxonomy": "models.taxonomy",
}


if not TYPE_CHECKING:  # type checkers use the imports above; they must not accept every other name

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_DEFINED_IN.get(name, "models.interface")), name)
