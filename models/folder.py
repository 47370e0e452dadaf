"""Opening a model folder laid out like the bundled one, as it is or with a foreign checkpoint for the stance."""

from dataclasses import dataclass, replace
from pathlib import Path

from models.calibration import Calibration
from models.classifier import DocumentClassifier
from models.encoder import Encoder
from models.huggingface import ForeignPairs, load_foreign
from models.pairs import OUTPUTS, BundledPairs
from models.refitted import read_refitted
from models.settings import Settings, read_settings
from models.taxonomy import load_taxonomy
from models.topics import TopicScorer
from models.version import answer_fingerprint, fingerprint
from models.vocabulary import Classifier

_SINGLE = ("topic_logits", "opinion_logit", "embedding")


@dataclass(frozen=True, slots=True)
class _Bundle:
    """A model folder laid out like the bundled one, opened: what reads single texts, and what reads pairs."""

    encoder: Encoder
    pairs: BundledPairs
    settings: Settings


def open_classifier(
    name: str,
    taxonomy: str,
    threads: int | None,
    stated_right: float,
    calibration: str,
    folder: Path,
    foreign: Path | None = None,
) -> Classifier:
    """Load a model folder laid out like the bundled one.

    A foreign checkpoint takes over the stance, and all the rest is the folder's. The folder's calibration of the stance
    was fitted to its own logits, so a checkpoint's probabilities are taken as they are.
    """
    checkpoint = load_foreign(foreign, threads=threads) if foreign is not None else None
    bundle = _open(folder, threads)
    weights = fingerprint(folder) if foreign is None else fingerprint(foreign, folder)
    settings, pairs = bundle.settings, bundle.pairs
    if checkpoint is not None:
        settings = replace(settings, answer=replace(settings.answer, stance=Calibration()))
    answer = ""
    if calibration:
        refitted = read_refitted(calibration, weights)
        settings, answer = replace(settings, answer=refitted.settings), refitted.answer
    return DocumentClassifier(
        name=name,
        weights_version=weights,
        version=answer_fingerprint(weights, folder, stated_right, answer),
        encoder=bundle.encoder,
        settings=settings,
        pairs=pairs if checkpoint is None else ForeignPairs(checkpoint, pairs),
        topics=TopicScorer(load_taxonomy(taxonomy), bundle.encoder, bundle.settings),
        stated_right=stated_right,
    )


def _open(folder: Path, threads: int | None) -> _Bundle:
    settings = read_settings(folder)

    def graph(name: str, required: tuple[str, ...]) -> Encoder:
        return Encoder(
            folder,
            max_single=settings.max_single_tokens,
            max_pair=settings.max_pair_tokens,
            threads=threads,
            graph=name,
            required=required,
            pieces=settings.pieces,
        )

    if settings.single_graph == settings.pair_graph:
        both = graph(settings.single_graph, _SINGLE + OUTPUTS)
        return _Bundle(both, BundledPairs(both), settings)
    return _Bundle(
        graph(settings.single_graph, _SINGLE), BundledPairs(graph(settings.pair_graph, OUTPUTS)), settings
    )
