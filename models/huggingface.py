"""Another checkpoint in place of the bundled stance heads.

Any Hugging Face sequence-classification checkpoint with three classes can be used: a stance model (favor, against,
neutral under any of their usual names) or a model for natural language inference (entailment, contradiction, neutral;
Yin et al. 2019, "Benchmarking Zero-shot Text Classification"). It decides the stance of each pack. The screen, the
relevance, the evidence and the topics still come from the bundled model, because such checkpoints have no answer to
the question "does this text speak about the target at all".

If the folder holds an ONNX graph (``model.onnx`` or ``onnx/model.onnx``), onnxruntime runs it. Otherwise torch runs the
weights (extra ``torch``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from commentariat import ModelError
from models.calibration import Calibration, Floats
from models.encoder import Encoder
from models.hub import GRAPHS
from models.hypotheses import hypothesis
from models.interface import STANCES
from models.packs import Pack
from models.pairs import PairScore, PairScorer
from models.sentences import without_surrogates
from models.tokenizer import load_tokenizer

_SYNONYMS = {
    "favor": {
        "favor",
        "favour",
        "for",
        "pro",
        "support",
        "supports",
        "supportive",
        "agree",
        "positive",
        "entailment",
    },
    "against": {
        "against",
        "con",
        "oppose",
        "opposes",
        "attack",
        "disagree",
        "negative",
        "contradiction",
        "refute",
    },
    "neutral": {"neutral", "none", "neither", "unrelated", "other", "discuss", "no stance"},
}
#: Largest number of tokens in a batch for torch, including padding.
_BATCH_TOKENS = 4_096
#: Largest number of tokens of a pair; a longer pair loses the end of the pack.
_MOST_TOKENS = 420
#: Positions that RoBERTa and its descendants keep for padding, so that their inputs are so much shorter.
_KEPT_POSITIONS = 2
#: Smallest probability of which a logarithm is taken.
_LEAST = 1e-6


class StanceModel(Protocol):
    """A three-way classifier of pairs of a statement and a text."""

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Give favor, against, neutral [n, 3] for n pairs (statement, text); n is at least 1."""
        ...


class ForeignPairs:
    """The stance comes from a checkpoint; relevance and evidence come from the bundled pair graph.

    The logarithms of the checkpoint's probabilities are used as the logits of the stance. Without a calibration, their
    softmax gives the same probabilities again.
    """

    def __init__(self, stance_model: StanceModel, bundled: PairScorer) -> None:
        self._stance_model = stance_model
        self._bundled = bundled

    def score(self, pairs: Sequence[tuple[str, Pack]]) -> list[PairScore]:
        """Score (statement, pack) pairs; the result has the same order."""
        if not pairs:
            return []
        stances = self._stance_model.probabilities([(statement, pack.text) for statement, pack in pairs])
        return [
            replace(score, stance=np.log(np.clip(stance, _LEAST, None)))
            for score, stance in zip(self._bundled.score(pairs), stances, strict=True)
        ]


def load_foreign(folder: Path, *, threads: int | None = None) -> StanceModel:
    """Load a checkpoint from its folder.

    Raises
    ------
    ModelError
        If its classes are not recognised, its files do not fit, or torch is needed and not installed.
    """
    config = _config(folder)
    columns, is_nli = _columns(folder, config)
    graph = next((name for name in GRAPHS if (folder / name).is_file()), None)
    if graph is not None:
        return _OnnxStanceModel(folder, graph, columns, is_nli, _most_tokens(config), threads)
    return _TorchStanceModel(folder, columns, is_nli, _most_tokens(config), threads)


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        config = dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{path} cannot be read as a checkpoint's configuration: {error}") from error
    return config


def _most_tokens(config: dict[str, Any]) -> int:
    """Give the largest number of tokens that the checkpoint reads: fewer if it has a vector for fewer positions."""
    positions = config.get("max_position_embeddings")
    if isinstance(positions, int) and positions > _KEPT_POSITIONS:
        return min(_MOST_TOKENS, positions - _KEPT_POSITIONS)
    return _MOST_TOKENS


def _columns(folder: Path, config: dict[str, Any]) -> tuple[list[int], bool]:
    """Give the columns of favor, against, neutral in the checkpoint's output, and whether it is an NLI model."""
    labels = _labels(folder, config)
    columns = []
    for stance in STANCES:
        matching = [index for index, label in labels.items() if label in _SYNONYMS[stance]]
        if len(matching) != 1 or len(labels) != len(STANCES):
            raise ModelError(
                f"The checkpoint in {folder} has the classes {sorted(labels.values())}; a stance model needs "
                "favor, against and neutral, an NLI model entailment, contradiction and neutral (id2label in "
                "config.json)."
            )
        columns += matching
    if sorted(columns) != list(range(len(STANCES))):
        raise _wrong_numbers(folder, config)
    return columns, labels[columns[0]] == "entailment"


def _labels(folder: Path, config: dict[str, Any]) -> dict[int, str]:
    """Give the name of each class by its number."""
    try:
        return {
            int(index): str(label).lower().replace("_", " ")
            for index, label in config.get("id2label", {}).items()
        }
    except (AttributeError, ValueError) as error:  # it is no object, or its keys are no numbers
        raise _wrong_numbers(folder, config) from error


def _wrong_numbers(folder: Path, config: dict[str, Any]) -> ModelError:
    return ModelError(
        f"{folder / 'config.json'} has id2label = {json.dumps(config['id2label'])}: write the name of each class under "
        'its number, for example {"0": "favor", "1": "against", "2": "neutral"}.'
    )


class _OnnxStanceModel:
    def __init__(
        self,
        folder: Path,
        graph: str,
        columns: list[int],
        is_nli: bool,
        most_tokens: int,
        threads: int | None,
    ) -> None:
        self._columns, self._is_nli = columns, is_nli
        self._encoder = Encoder(
            folder,
            max_single=most_tokens,
            max_pair=most_tokens,
            threads=threads,
            graph=graph,
            required=["logits"],
        )
        self._refuse_other_outputs(folder / graph)

    def _refuse_other_outputs(self, graph: Path) -> None:
        """Read one pair, because a graph need not state how many logits it gives."""
        try:
            given = self._encoder.run([("text", "statement")], ["logits"])["logits"].shape[1]
        except Exception as error:  # onnxruntime raises its own classes, without a common base
            raise ModelError(
                f"{graph} cannot read a pair of texts: {error}. Export the checkpoint again."
            ) from error
        if given != len(STANCES):
            raise ModelError(
                f"{graph} gives {given} logits for a pair of texts, and config.json names {len(STANCES)} classes "
                "(id2label): take both files from the same checkpoint."
            )

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        read = [(text, hypothesis(statement, is_nli=self._is_nli)) for statement, text in pairs]
        return Calibration().softmax(self._encoder.run(read, ["logits"])["logits"][:, self._columns])


class _TorchStanceModel:
    def __init__(
        self, folder: Path, columns: list[int], is_nli: bool, most_tokens: int, threads: int | None
    ) -> None:
        try:
            torch: Any = import_module("torch")
            transformers: Any = import_module("transformers")
        except ImportError as error:
            raise ModelError(
                f"The checkpoint in {folder} needs torch, which is not installed: "
                "in a clone of Commentariat, pip install -e '.[torch]' or uv tool install '.[torch]'; or export the "
                "checkpoint to model.onnx in its folder."
            ) from error
        if threads is not None:
            torch.set_num_threads(threads)
        self._torch = torch
        self._columns, self._is_nli, self._most_tokens = columns, is_nli, most_tokens
        self._tokenizer = load_tokenizer(folder)
        try:
            self._model: Any = transformers.AutoModelForSequenceClassification.from_pretrained(
                folder, local_files_only=True
            ).eval()
        except Exception as error:  # safetensors and pickle raise classes of their own
            raise ModelError(
                f"The checkpoint in {folder} cannot be loaded: {error}. If it was cloned without git-lfs, run "
                "`git lfs pull` in its folder; otherwise copy or download it again."
            ) from error

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        encoded = self._tokenizer(
            [without_surrogates(text) for _, text in pairs],
            [without_surrogates(hypothesis(statement, is_nli=self._is_nli)) for statement, _ in pairs],
            truncation="longest_first",
            max_length=self._most_tokens,
        )
        logits = np.zeros((len(pairs), len(STANCES)), dtype=np.float32)
        with self._torch.inference_mode():
            for members in batches_of_similar_length(
                [len(ids) for ids in encoded["input_ids"]], _BATCH_TOKENS
            ):
                part = {key: [values[index] for index in members] for key, values in encoded.items()}
                padded = self._tokenizer.pad(part, return_tensors="pt")
                logits[members] = self._model(**padded).logits.float().numpy()[:, self._columns]
        return Calibration().softmax(logits)


def batches_of_similar_length(lengths: Sequence[int], most: int) -> list[list[int]]:
    """Group inputs of similar length into batches of at most `most` tokens including padding; longest first."""
    batches: list[list[int]] = []
    held: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda position: (-lengths[position], position)):
        if held and (len(held) + 1) * lengths[held[0]] > most:
            batches.append(held)
            held = []
        held.append(index)
    if held:
        batches.append(held)
    return batches
