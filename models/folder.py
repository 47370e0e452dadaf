"""Opening a model folder of the bundled form, either complete or with another checkpoint for the stance."""

from dataclasses import dataclass, replace
from pathlib import Path

from models.calibration import Calibration
from models.calibration_file import read_calibration
from models.classifier import DocumentClassifier
from models.encoder import Encoder
from models.hub import downloaded_files
from models.huggingface import ForeignPairs, load_foreign
from models.interface import Classifier
from models.pairs import OUTPUTS, BundledPairs
from models.settings import Settings, read_settings
from models.taxonomy import Taxonomy
from models.topics import TopicScorer
from models.version import answer_fingerprint, fingerprint

_SINGLE = ("topic_logits", "opinion_logit", "embedding")


@dataclass(frozen=True, slots=True)
class _Bundle:
    """An opened model folder of the bundled form: one graph for single texts, and one for pairs."""

    encoder: Encoder
    pairs: BundledPairs
    settings: Settings


def open_classifier(
    name: str,
    taxonomy: Taxonomy,
    threads: int | None,
    stated_right: float,
    calibration: str,
    folder: Path,
    foreign: Path | None = None,
    *,
    is_from_hub: bool = False,
) -> Classifier:
    """Load a model folder of the bundled form.

    If another checkpoint is given, it decides the stance, and everything else comes from the folder. The folder's
    calibration of the stance, the weight that the distance between the two sides has for the relevance, and the number
    that makes several wordings more certain were fitted to the folder's own logits. Therefore the checkpoint's
    probabilities are used as they are, and that distance and that number are not. If the checkpoint is in the cache of
    the Hugging Face hub, only the files that are fetched from there count for its version.
    """
    checkpoint = load_foreign(foreign, threads=threads) if foreign is not None else None
    bundle = _open(folder, threads)
    if foreign is None:
        weights = fingerprint(folder)
    else:
        weights = fingerprint(foreign, folder, fetched=downloaded_files(foreign) if is_from_hub else None)
    settings, pairs = bundle.settings, bundle.pairs
    if checkpoint is not None:
        by_logit, _, bias = settings.answer.relevance_weights
        answer_of_checkpoint = replace(
            settings.answer,
            stance=Calibration(),
            relevance_weights=(by_logit, 0.0, bias),
            several_wordings=1.0,
        )
        settings = replace(settings, answer=answer_of_checkpoint)
    answer = ""
    if calibration:
        fitted = read_calibration(calibration, weights)
        settings, answer = replace(settings, answer=fitted.settings), fitted.answer
    topics_version = taxonomy.fingerprint(settings.taxonomy)
    return DocumentClassifier(
        name=name,
        weights_version=weights,
        topics_version=topics_version,
        version=answer_fingerprint(weights, folder, stated_right, answer, topics_version),
        encoder=bundle.encoder,
        settings=settings,
        pairs=pairs if checkpoint is None else ForeignPairs(checkpoint, pairs),
        topics=TopicScorer(taxonomy, bundle.encoder, bundle.settings),
        stated_right=stated_right,
    )


def open_text_graph(folder: Path, threads: int | None = None) -> Encoder:
    """Open only the text graph of a model folder.

    Raises
    ------
    ModelError
        If the folder has no text graph.
    """
    settings = read_settings(folder)
    return _graph(folder, settings, settings.single_graph, ("embedding",), threads)


def _open(folder: Path, threads: int | None) -> _Bundle:
    settings = read_settings(folder)
    if settings.single_graph == settings.pair_graph:
        both = _graph(folder, settings, settings.single_graph, _SINGLE + OUTPUTS, threads)
        return _Bundle(both, BundledPairs(both, settings.worth_weight), settings)
    pairs = BundledPairs(
        _graph(folder, settings, settings.pair_graph, OUTPUTS, threads), settings.worth_weight
    )
    return _Bundle(_graph(folder, settings, settings.single_graph, _SINGLE, threads), pairs, settings)


def _graph(
    folder: Path, settings: Settings, name: str, required: tuple[str, ...], threads: int | None
) -> Encoder:
    return Encoder(
        folder,
        max_single=settings.max_single_tokens,
        max_pair=settings.max_pair_tokens,
        threads=threads,
        graph=name,
        required=required,
        vocabulary_size=settings.vocabulary_size,
    )
