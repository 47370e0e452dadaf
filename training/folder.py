"""Writing model folders: two ONNX files, a tokenizer, and a config that describes the outputs."""

from __future__ import annotations

import copy
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from transformers import PretrainedConfig, PreTrainedTokenizerBase

from commentariat import ModelError
from models import STANCES
from training.batches import MAX_PAIR_TOKENS, MAX_SINGLE_TOKENS
from training.graph import write_fp32, write_quantised
from training.network import PairNetwork
from training.smooth_quant import Inputs, even_layers
from training.text_network import TextNetwork
from training.topics import CAP_TOPICS

#: The files of a folder's two graphs, for single texts and for pairs.
GRAPHS = {"single": "text.onnx", "pair": "pair.onnx"}
_TOKENIZER = ("tokenizer.json", "tokenizer_config.json")
#: Number of positions that the encoders have; texts are cut to fewer tokens.
_LONGEST = 512
#: Keys of ``config.json`` that describe the encoder of a graph: of the pair graph, if there is one.
_SHAPE = (
    "hidden_size",
    "num_hidden_layers",
    "num_attention_heads",
    "intermediate_size",
    "vocab_size",
    "max_position_embeddings",
)


def describe(encoder: PretrainedConfig) -> dict[str, Any]:
    """Return ``config.json`` before any calibration; with its Hugging Face keys ``AutoTokenizer`` can read it too."""
    return {
        "model_type": "bert",
        "architectures": ["StanceNetwork"],
        **{name: getattr(encoder, name) for name in _SHAPE},
        "graphs": GRAPHS,
        "id2label": {str(i): name for i, name in enumerate(STANCES)},
        "label2id": {name: i for i, name in enumerate(STANCES)},
        "taxonomy": "cap",
        "topics": [{"code": code, "label": label} for code, label in CAP_TOPICS.items()],
        "max_pair_tokens": MAX_PAIR_TOKENS,
        "max_single_tokens": MAX_SINGLE_TOKENS,
    }


def read_config(folder: Path) -> dict[str, Any]:
    """Read ``config.json``.

    Raises
    ------
    ModelError
        If the file does not exist.
    """
    path = folder / "config.json"
    if not path.is_file():
        raise ModelError(f"No model in {folder}: config.json is missing.")
    config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return config


def write_config(config: Mapping[str, Any], out: Path) -> None:
    """Write ``config.json``."""
    text = json.dumps(config, indent=2, ensure_ascii=False) + "\n"
    (out / "config.json").write_text(text, encoding="utf-8")


def write_tokenizer(tokenizer: PreTrainedTokenizerBase, out: Path) -> None:
    """Write the tokenizer files, with a class name that every version of the library has."""
    out.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(out)
    path = out / "tokenizer_config.json"
    named = json.loads(path.read_text(encoding="utf-8")) | {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": _LONGEST,
    }
    for name in ("is_local", "local_files_only"):  # these keys describe this machine
        named.pop(name, None)
    path.write_text(json.dumps(named, indent=2) + "\n", encoding="utf-8")


def write_texts(network: TextNetwork, out: Path) -> None:
    """Write the text graph; the network itself is not changed."""
    _write_graph(network, out / GRAPHS["single"])


def write_pairs(network: PairNetwork, read: Sequence[Inputs], out: Path) -> None:
    """Write the pair graph, by smooth quantisation for the inputs in `read`; the network itself is not changed."""
    evened = copy.deepcopy(network).eval().float().cpu()
    even_layers(evened, read)
    _write_graph(evened, out / GRAPHS["pair"])


def take_over(graph: str, source: Path, tokenizer: PreTrainedTokenizerBase, out: Path) -> None:
    """Copy a graph ("single" or "pair") and the tokenizer of a folder to one whose graph uses the same word pieces.

    Raises
    ------
    ModelError
        If the source lacks the graph, or uses other word pieces.
    """
    check_same_word_pieces(source, tokenizer, graph)
    if source.resolve() != out.resolve():
        out.mkdir(parents=True, exist_ok=True)
        for name in (GRAPHS[graph], *_TOKENIZER):
            shutil.copyfile(source / name, out / name)


def check_same_word_pieces(source: Path, tokenizer: PreTrainedTokenizerBase, graph: str) -> None:
    """Check that a model folder has a graph, and that it uses the word pieces of a tokenizer.

    Raises
    ------
    ModelError
        If the folder lacks the graph, or uses other word pieces.
    """
    missing = [name for name in (*_TOKENIZER, GRAPHS[graph]) if not (source / name).is_file()]
    if missing:
        raise ModelError(f"{source} has no graph that could be copied: {', '.join(missing)} missing.")
    theirs = json.loads((source / _TOKENIZER[0]).read_text(encoding="utf-8"))["model"]["vocab"]
    if theirs != tokenizer.get_vocab():
        raise ModelError(
            f"{source} has {len(theirs)} word pieces, and the other graph has {len(tokenizer)}, or different ones: "
            "train it with the word pieces of that model."
        )


def _write_graph(network: PairNetwork | TextNetwork, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        fp32 = Path(scratch) / "fp32.onnx"
        write_fp32(network, fp32)
        write_quantised(fp32, path)
