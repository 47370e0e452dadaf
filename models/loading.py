"""Finding a classifier by name and loading it once a process."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from commentariat import ModelError
from models.encoder import Encoder
from models.huggingface import ForeignPairs, download, load_foreign
from models.pairs import BundledPairs
from models.reader import Reader
from models.settings import Settings, read_settings
from models.taxonomy import load_taxonomy
from models.topics import TopicReader
from models.version import fingerprint
from models.vocabulary import Classifier

_MODELS = Path(__file__).parent
DEFAULT = "fast"
_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")
_SINGLE = ("topic_logits", "opinion_logit", "embedding")
_PAIR = ("stance_logits", "relevance_logit")


def bundled_models() -> list[str]:
    """Names of the models that are there to be loaded."""
    return sorted(path.parent.name for path in _MODELS.glob("*/config.json"))


def load_classifier(name: str = DEFAULT, *, taxonomy: str = "cap", threads: int | None = None) -> Classifier:
    """Load a classifier; a second call with the same arguments returns the same object.

    Parameters
    ----------
    name
        A bundled model ("fast", "accurate"), the path of a model folder, or the name of a Hugging Face checkpoint
        (stance or NLI; extra ``torch``).
    taxonomy
        A bundled topic scheme ("cap", "iptc") or the path of a TOML file.
    threads
        Threads for one encoder call; None takes every core the process may use. Workers that share a machine
        should divide its cores.

    Raises
    ------
    ModelError
        If there is no such model, or a file of it is missing or does not fit; the message says what there is.
    ConfigError
        If there is no such taxonomy.
    """
    if threads is not None and threads < 1:
        raise ModelError(f"threads is {threads}: it must be at least 1, or None for every core.")
    return _load(name, taxonomy, threads)


@lru_cache(maxsize=4)
def _load(name: str, taxonomy: str, threads: int | None) -> Classifier:
    if name in bundled_models():
        return _ours(name, _MODELS / name, taxonomy, threads)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return (
            _ours(name, folder, taxonomy, threads)
            if _is_ours(folder)
            else _foreign(name, folder, taxonomy, threads)
        )
    if _HUB_NAME.fullmatch(name):
        return _foreign(name, download(name), taxonomy, threads)
    raise ModelError(
        f"Unknown model {name!r}. Bundled: {', '.join(bundled_models()) or 'none'}. Or give the path of a "
        "model folder, or the name of a Hugging Face checkpoint as owner/name."
    )


def _is_ours(folder: Path) -> bool:
    """Whether a folder is of the bundled kind: it then says so in its config, whatever else is missing."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True  # not a checkpoint of any kind: reading it as ours names what is missing
    return not isinstance(config, dict) or "StanceNetwork" in config.get("architectures", ())


@dataclass(frozen=True, slots=True)
class _Bundle:
    """A model folder of our kind, opened: what reads single texts, what reads pairs."""

    encoder: Encoder
    pairs: BundledPairs
    settings: Settings


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
        both = graph(settings.single_graph, _SINGLE + _PAIR)
        return _Bundle(both, BundledPairs(both, settings), settings)
    return _Bundle(
        graph(settings.single_graph, _SINGLE),
        BundledPairs(graph(settings.pair_graph, _PAIR), settings),
        settings,
    )


def _ours(name: str, folder: Path, taxonomy: str, threads: int | None) -> Classifier:
    bundle = _open(folder, threads)
    return Reader(
        name=name,
        version=fingerprint(folder),
        encoder=bundle.encoder,
        settings=bundle.settings,
        pairs=bundle.pairs,
        topics=TopicReader(load_taxonomy(taxonomy), bundle.encoder, bundle.settings),
    )


def _foreign(name: str, folder: Path, taxonomy: str, threads: int | None) -> Classifier:
    """Someone else's checkpoint decides the stance; all the rest is the default model's."""
    base = _MODELS / DEFAULT
    foreign = load_foreign(folder, threads=threads)
    bundle = _open(base, threads)
    return Reader(
        name=name,
        version=fingerprint(folder, base),
        encoder=bundle.encoder,
        settings=bundle.settings,
        pairs=ForeignPairs(foreign, bundle.pairs),
        topics=TopicReader(load_taxonomy(taxonomy), bundle.encoder, bundle.settings),
    )
