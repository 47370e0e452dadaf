"""The model folder: two ONNX files, tokenizer, and a config that says how to read the outputs."""

from __future__ import annotations

import copy
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from transformers import PreTrainedTokenizerBase

from commentariat import ModelError
from training.batches import Limits, pair_batches
from training.checkpoints import MAX_PAIR_TOKENS, MAX_SINGLE_TOKENS, MAX_TARGET_TOKENS
from training.corpus import Pair
from training.graph import write_fp32, write_int8
from training.network import STANCES, PairNetwork
from training.evening import even_layers
from training.text_network import TextNetwork
from training.topics import CAP_TOPICS

#: The graphs of a folder: which file answers pairs, and which single texts.
GRAPHS = {"single": "text.onnx", "pair": "pair.onnx"}


@dataclass(frozen=True, slots=True)
class Calibration:
    """How raw outputs become probabilities.

    ``softmax(logits / stance_temperature + stance_bias)`` for the stance, ``sigmoid(logit / temperature + bias)``
    for the others. All zeros and ones means: uncalibrated.
    """

    stance_temperature: float = 1.0
    stance_bias: tuple[float, float, float] = (0.0, 0.0, 0.0)
    relevance_temperature: float = 1.0
    relevance_bias: float = 0.0
    topic_temperature: float = 1.0
    topic_bias: float = 0.0
    opinion_temperature: float = 1.0
    opinion_bias: float = 0.0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where to draw lines, chosen on dev.

    Attributes
    ----------
    screen
        Cosine of target and passage embedding below which the pair pass is not worth it.
    relevance
        Relevance probability from which a passage counts as speaking about a target.
    stance
        Probability that favor or against must reach; below it the answer is neutral.
    topic
        Probability from which a topic is reported.
    opinion
        Probability from which a text counts as commentary.
    """

    screen: float = 0.15
    relevance: float = 0.5
    stance: float = 0.45
    topic: float = 0.3
    opinion: float = 0.5


@dataclass(frozen=True, slots=True)
class Facts:
    """What the model card and every curious reader want to know about the training."""

    base: str = "all-MiniLM-L6-v2 (Apache-2.0)"
    pair_base: str = "all-MiniLM-L6-v2 (Apache-2.0)"
    steps: int = 0
    seed: int = 0
    data: str = "stance, nli and topic corpora; see MODEL_CARD.md"
    dev: dict[str, float] = field(default_factory=dict)


def config_of(
    pairs: PairNetwork, calibration: Calibration, thresholds: Thresholds, facts: Facts
) -> dict[str, Any]:
    """Contents of ``config.json``; the Hugging Face keys (of the pair graph) let ``AutoTokenizer`` read it too."""
    encoder = pairs.encoder.config
    c = calibration
    return {
        "model_type": "bert",
        "architectures": ["StanceNetwork"],
        "hidden_size": encoder.hidden_size,
        "num_hidden_layers": encoder.num_hidden_layers,
        "num_attention_heads": encoder.num_attention_heads,
        "intermediate_size": encoder.intermediate_size,
        "vocab_size": encoder.vocab_size,
        "max_position_embeddings": encoder.max_position_embeddings,
        "graphs": GRAPHS,
        "id2label": {str(i): name for i, name in enumerate(STANCES)},
        "label2id": {name: i for i, name in enumerate(STANCES)},
        "taxonomy": "cap",
        "topics": [{"code": code, "label": label} for code, label in CAP_TOPICS.items()],
        "pooling": "mean",
        "max_pair_tokens": MAX_PAIR_TOKENS,
        "max_target_tokens": MAX_TARGET_TOKENS,
        "max_single_tokens": MAX_SINGLE_TOKENS,
        "calibration": {
            "stance": {"temperature": c.stance_temperature, "bias": list(c.stance_bias)},
            "relevance": {"temperature": c.relevance_temperature, "bias": c.relevance_bias},
            "topic": {"temperature": c.topic_temperature, "bias": c.topic_bias},
            "opinion": {"temperature": c.opinion_temperature, "bias": c.opinion_bias},
        },
        "thresholds": asdict(thresholds),
        "training": asdict(facts),
    }


def write_model(
    pairs: PairNetwork,
    texts: TextNetwork | Path,
    tokenizer: PreTrainedTokenizerBase,
    out: Path,
    read: Sequence[Pair],
) -> None:
    """Write both graphs (int8) and the tokenizer files; both read the pieces of this tokenizer.

    Parameters
    ----------
    pairs, texts, tokenizer
        What is written; the networks stay as they are. `texts` may be a model folder, whose text graph is taken over.
    out
        The model folder.
    read
        Pairs such as are read in use, by which the layers of the pair network are rounded
        (:func:`training.rounding.some_pairs`).

    Raises
    ------
    ModelError
        If the two were trained with different vocabularies, or the folder is none.
    """
    if isinstance(texts, Path):
        check_same_pieces(texts, tokenizer)
    sizes = {one.encoder.config.vocab_size for one in (pairs, texts) if not isinstance(one, Path)}
    if sizes != {len(tokenizer)}:
        raise ModelError(
            f"The networks read {sorted(sizes)} word pieces and the tokenizer {len(tokenizer)}: train both with "
            "the same --pieces."
        )
    out.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(out)  # before it cuts anything: how it last did is saved with it
    named = json.loads((out / "tokenizer_config.json").read_text(encoding="utf-8"))
    named["tokenizer_class"] = "PreTrainedTokenizerFast"  # the name that every version of the library knows
    (out / "tokenizer_config.json").write_text(json.dumps(named, indent=2) + "\n", encoding="utf-8")
    write_pairs(pairs, tokenizer, out / GRAPHS["pair"], read)
    if isinstance(texts, Path):
        shutil.copyfile(texts / GRAPHS["single"], out / GRAPHS["single"])
    else:
        _write_graph(texts, out / GRAPHS["single"])


def write_pairs(
    network: PairNetwork, tokenizer: PreTrainedTokenizerBase, path: Path, read: Sequence[Pair]
) -> None:
    """Write the pair graph, its layers rounded by what they read in `read`; the network stays as it is."""
    rounded = copy.deepcopy(network).eval().float().cpu()
    layers = round_layers(
        rounded, [batch.inputs for batch in pair_batches(read, tokenizer, Limits(), "read")]
    )
    _write_graph(rounded, path, layers)


def kept_settings(config: dict[str, Any]) -> tuple[Calibration, Thresholds]:
    """Calibration and thresholds of a ``config.json``."""
    said = config["calibration"]
    favor, against, neutral = said["stance"]["bias"]
    return Calibration(
        stance_temperature=said["stance"]["temperature"],
        stance_bias=(favor, against, neutral),
        relevance_temperature=said["relevance"]["temperature"],
        relevance_bias=said["relevance"]["bias"],
    ), Thresholds(**config["thresholds"])


def write_texts(texts: TextNetwork, tokenizer: PreTrainedTokenizerBase, model: Path, out: Path) -> None:
    """Write a model folder that is another one but for its text graph.

    Raises
    ------
    ModelError
        If the other folder is none, or reads other word pieces.
    """
    check_same_pieces(model, tokenizer)
    if out != model:
        shutil.copytree(model, out, dirs_exist_ok=True)
    _write_graph(texts, out / GRAPHS["single"])


def check_same_pieces(model: Path, tokenizer: PreTrainedTokenizerBase) -> None:
    """Check that a graph of a model folder can stand beside one that reads the pieces of a tokenizer.

    Raises
    ------
    ModelError
        If the folder is no whole model, or reads other word pieces.
    """
    missing = [name for name in ("tokenizer.json", *GRAPHS.values()) if not (model / name).is_file()]
    if missing:
        raise ModelError(
            f"No model in {model} whose graph could be taken over: {', '.join(missing)} missing."
        )
    theirs = json.loads((model / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    if theirs != tokenizer.get_vocab():
        raise ModelError(
            f"{model} reads {len(theirs)} word pieces and the other graph {len(tokenizer)}, or others: train it with "
            "the --pieces and the data of that model."
        )


def _write_graph(
    network: PairNetwork | TextNetwork, path: Path
) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        fp32 = Path(scratch) / "fp32.onnx"
        write_fp32(network, fp32)
        write_int8(fp32, path)


def write_config(config: dict[str, Any], out: Path) -> None:
    """Write ``config.json``."""
    text = json.dumps(config, indent=2, ensure_ascii=False) + "\n"
    (out / "config.json").write_text(text, encoding="utf-8")
