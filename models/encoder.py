"""The encoder: texts in, raw outputs of an ONNX graph out, batched for a CPU.

Nothing here knows what the outputs mean. Inputs are sorted by length and packed into batches of at most
:data:`BATCH_TOKENS` tokens *with* padding, so a batch of short sentences is wide and one of long passages is
narrow; memory stays bounded and little time goes into padding.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import onnxruntime as ort  # type: ignore[import-untyped]
from numpy.typing import NDArray

from commentariat import ModelError
from models.sentences import without_surrogates
from models.settings import Floats

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

#: Tokens in a batch, padding included.
BATCH_TOKENS = 4_096
#: Texts tokenised at once: bounds the memory that the tokenizer's own records take.
_TOKENISED = 1_024

Ids: TypeAlias = tuple[list[int], list[int]]  #: input_ids and token_type_ids of one input


def load_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """Load the tokenizer of a model folder.

    Raises
    ------
    ModelError
        If its files are missing or damaged.
    """
    if not any(
        (folder / name).is_file() for name in ("tokenizer.json", "vocab.txt", "tokenizer_config.json")
    ):
        raise ModelError(
            f"The model folder {folder} has no tokenizer files (tokenizer.json): copy the whole folder."
        )
    # Without torch the library says so on every import, and it takes a second to import.
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    from transformers import AutoTokenizer  # noqa: PLC0415

    try:
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError, TypeError, ImportError) as error:
        raise ModelError(f"The tokenizer in {folder} cannot be loaded: {error}") from error
    # Inputs are cut to length here; the tokenizer's warning about long ones says nothing new.
    tokenizer.model_max_length = 1 << 30
    return tokenizer


def usable_cores() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Encoder:
    """A tokenizer and an ONNX graph.

    Parameters
    ----------
    folder
        Folder with the graph and the tokenizer files.
    max_single, max_pair
        Longest single text and longest pair, in tokens; what is longer loses its end.
    threads
        Threads for one call; None takes every core the process may use.
    graph
        File name of the graph.
    required
        Outputs that the graph must have.

    Raises
    ------
    ModelError
        If a file is missing or damaged, or the graph has other inputs or outputs than it should.
    """

    def __init__(
        self,
        folder: Path,
        *,
        max_single: int,
        max_pair: int,
        threads: int | None = None,
        graph: str = "model.onnx",
        required: Sequence[str] = (),
    ) -> None:
        path = folder / graph
        if not path.is_file():
            raise ModelError(f"The model folder {folder} has no {graph}: copy the whole folder.")
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads or usable_cores()
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises its own classes, without a common base
            raise ModelError(f"{path} cannot be loaded as an ONNX model: {error}") from error
        self._inputs = {one.name for one in self._session.get_inputs()}
        self.outputs = {one.name: one.shape for one in self._session.get_outputs()}
        unknown = self._inputs - {"input_ids", "attention_mask", "token_type_ids"}
        missing = [name for name in required if name not in self.outputs]
        if unknown or missing:
            raise ModelError(
                f"{path} does not fit: "
                + "; ".join(
                    said
                    for said in (
                        f"unknown inputs {', '.join(sorted(unknown))}" if unknown else "",
                        f"missing outputs {', '.join(missing)}" if missing else "",
                    )
                    if said
                )
                + ". Export it with `python -m models.train.export`."
            )
        self.tokenizer = load_tokenizer(folder)
        self._limits = {False: max_single, True: max_pair}

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without the special ones."""
        counts: list[int] = []
        for at in range(0, len(texts), _TOKENISED):
            encoded = self.tokenizer(
                [without_surrogates(text) for text in texts[at : at + _TOKENISED]],
                add_special_tokens=False,
                return_attention_mask=False,
                return_token_type_ids=False,
            )
            counts += [len(ids) for ids in encoded["input_ids"]]
        return counts

    def run(
        self, texts: Sequence[str] | Sequence[tuple[str, str]], outputs: Sequence[str]
    ) -> dict[str, Floats]:
        """Encode single texts, or pairs, and return the named outputs.

        Parameters
        ----------
        texts
            Texts ("[CLS] text [SEP]") or pairs ("[CLS] first [SEP] second [SEP]"); all of one kind.
        outputs
            Names of the graph's outputs.

        Returns
        -------
        dict
            For each name a float32 array ``[len(texts), width]``, in the order of `texts`.
        """
        ids = self._tokenise(texts)
        found = {name: np.zeros((len(ids), self._width(name)), dtype=np.float32) for name in outputs}
        for members in pack([len(one[0]) for one in ids], BATCH_TOKENS):
            answers = self._session.run(list(outputs), self._feed([ids[index] for index in members]))
            for name, values in zip(outputs, answers, strict=True):
                found[name][members] = np.asarray(values, dtype=np.float32)
        return found

    def _width(self, name: str) -> int:
        width = self.outputs[name][-1]
        return width if isinstance(width, int) else 1

    def _tokenise(self, texts: Sequence[str] | Sequence[tuple[str, str]]) -> list[Ids]:
        ids: list[Ids] = []
        for at in range(0, len(texts), _TOKENISED):
            some = texts[at : at + _TOKENISED]
            pairs = [one for one in some if isinstance(one, tuple)]
            first = [pair[0] for pair in pairs] if pairs else list(some)
            encoded = self.tokenizer(
                [without_surrogates(str(text)) for text in first],
                [without_surrogates(pair[1]) for pair in pairs] if pairs else None,
                truncation="longest_first",
                max_length=self._limits[bool(pairs)],
                return_attention_mask=False,
                return_token_type_ids=True,
            )
            ids += zip(encoded["input_ids"], encoded["token_type_ids"], strict=True)
        return ids

    def _feed(self, members: Sequence[Ids]) -> dict[str, NDArray[np.int64]]:
        width = max(len(ids) for ids, _ in members)
        pad = int(self.tokenizer.pad_token_id or 0)
        feed = {
            "input_ids": np.full((len(members), width), pad, dtype=np.int64),
            "attention_mask": np.zeros((len(members), width), dtype=np.int64),
            "token_type_ids": np.zeros((len(members), width), dtype=np.int64),
        }
        for row, (ids, types) in enumerate(members):
            feed["input_ids"][row, : len(ids)] = ids
            feed["attention_mask"][row, : len(ids)] = 1
            feed["token_type_ids"][row, : len(types)] = types
        return {name: values for name, values in feed.items() if name in self._inputs}


def pack(lengths: Sequence[int], most: int) -> list[list[int]]:
    """Group inputs of similar length into batches of at most `most` tokens, padding included.

    Longest first, so that the largest batch comes at once and memory does not creep up. Ties keep their
    order: the grouping depends on the lengths alone.
    """
    batches: list[list[int]] = []
    held: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda at: (-lengths[at], at)):
        if held and (len(held) + 1) * lengths[held[0]] > most:
            batches.append(held)
            held = []
        held.append(index)
    if held:
        batches.append(held)
    return batches
