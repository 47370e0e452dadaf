"""The encoder: texts in, raw outputs of an ONNX graph out.

This module does not interpret the outputs. Every input is run alone, on one thread, and as many inputs run at the same
time as there are threads. On a CPU this costs about as much as batches do: a little less at 120 tokens, because nothing
is padded, and a sixth more at 35 tokens. It also makes an answer depend on its text alone. In a batch this is not so: a
graph that quantises its activations at run time scales them over the whole batch, and probabilities changed by up to
0.08 with the other inputs of the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from commentariat import ModelError
from models.calibration import Floats
from models.cores import usable_cores
from models.graphs import open_graph
from models.sentences import without_surrogates
from models.tokenizer import load_tokenizer

#: Number of texts tokenised at once; this limits the memory of the tokenizer's own records.
_TOKENISED = 1_024
#: Of the tokens of a single text, those between "[CLS]" and "[SEP]".
_WITHOUT_SPECIAL = slice(1, -1)

Ids: TypeAlias = tuple[list[int], list[int]]  #: input_ids and token_type_ids of one input


@dataclass(frozen=True, slots=True)
class PairOutput:
    """The graph's outputs for one pair.

    Attributes
    ----------
    outputs
        The named outputs, without their batch axis.
    starts
        For each token of the second text, the position in characters at which it starts; -1 for all other tokens.
    """

    outputs: dict[str, Floats]
    starts: list[int]


class Encoder:
    """A tokenizer and an ONNX graph.

    Parameters
    ----------
    folder
        Folder with the graph and the tokenizer files.
    max_single, max_pair
        Longest single text and longest pair, in tokens; a longer input is cut at its end.
    threads
        Number of inputs that run at the same time; None uses every core that the process may use.
    graph
        File name of the graph.
    required
        Outputs that the graph must have.
    vocabulary_size
        Number of word pieces for which the graph has vectors. With it, a tokenizer of another model that has more is
        refused. None leaves the check to the graph.

    Raises
    ------
    ModelError
        If a file is missing or damaged, the graph's inputs or outputs are not as expected, or the tokenizer has more
        word pieces than the graph.
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
        vocabulary_size: int | None = None,
    ) -> None:
        path = folder / graph
        if not path.is_file():
            raise ModelError(f"The model folder {folder} has no {graph}: copy the whole folder.")
        try:
            self._session = open_graph(path)
        except Exception as error:  # onnxruntime raises its own classes, without a common base
            raise ModelError(f"{path} cannot be loaded as an ONNX model: {error}") from error
        self._threads = threads or usable_cores()
        self._inputs = {tensor.name for tensor in self._session.get_inputs()}
        self.outputs = {tensor.name: tensor.shape for tensor in self._session.get_outputs()}
        unknown = self._inputs - {"input_ids", "attention_mask", "token_type_ids"}
        missing = [name for name in required if name not in self.outputs]
        if unknown or missing:
            raise ModelError(
                f"{path} does not fit: "
                + "; ".join(
                    fault
                    for fault in (
                        f"unknown inputs {', '.join(sorted(unknown))}" if unknown else "",
                        f"missing outputs {', '.join(missing)}" if missing else "",
                    )
                    if fault
                )
                + ". Export it with `python -m training.export`."
            )
        self.tokenizer = load_tokenizer(folder)
        self._limits = {False: max_single, True: max_pair}
        last = max(self.tokenizer.get_vocab().values(), default=0)
        if vocabulary_size is not None and last >= vocabulary_size:
            raise ModelError(
                f"The tokenizer in {folder} has word piece {last}, and the graph has vectors for {vocabulary_size} "
                "word pieces only: copy the whole folder of one model."
            )

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text, without the special ones."""
        counts: list[int] = []
        for start in range(0, len(texts), _TOKENISED):
            encoded = self.tokenizer(
                [without_surrogates(text) for text in texts[start : start + _TOKENISED]],
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
        ids = [(tokens["input_ids"], tokens["token_type_ids"]) for tokens in self._tokenise(texts)]
        return self._stacked(self._run_each(ids, outputs), outputs)

    def run_with_tokens(
        self, texts: Sequence[str], outputs: Sequence[str], of_tokens: str
    ) -> tuple[dict[str, Floats], list[Floats]]:
        """Encode single texts; return the named outputs as :meth:`run` does, and an output that has rows for tokens.

        Returns
        -------
        dict, list
            As from :meth:`run`; and for each text an array ``[tokens, width]``, without the special tokens.
        """
        ids = [(tokens["input_ids"], tokens["token_type_ids"]) for tokens in self._tokenise(texts)]
        results = self._run_each(ids, [*outputs, of_tokens])
        tokens = [values.pop()[_WITHOUT_SPECIAL] for values in results]
        return self._stacked(results, outputs), tokens

    def tokens_of(self, text: str) -> list[str]:
        """Give the tokens of a text as the graph reads it, without the special ones."""
        (encoded,) = self._tokenise([text])
        return list(self.tokenizer.convert_ids_to_tokens(encoded["input_ids"][_WITHOUT_SPECIAL]))

    def _stacked(self, results: Sequence[Sequence[Floats]], outputs: Sequence[str]) -> dict[str, Floats]:
        """Put the outputs of every input into one array for each name."""
        first: Sequence[Floats | None] = results[0] if results else [None] * len(outputs)
        arrays = {
            name: np.zeros((len(results), self._width(name, value)), dtype=np.float32)
            for name, value in zip(outputs, first, strict=True)
        }
        for row, values in enumerate(results):
            for name, value in zip(outputs, values, strict=True):
                arrays[name][row] = value
        return arrays

    def run_pairs(self, pairs: Sequence[tuple[str, str]], outputs: Sequence[str]) -> list[PairOutput]:
        """Encode pairs, and return the named outputs of each with the offsets of its tokens.

        Unlike :meth:`run` it can give outputs that have one value for each token of the input.
        """
        encoded = self._tokenise(pairs, offsets=True)
        ids = [(tokens["input_ids"], tokens["token_type_ids"]) for tokens in encoded]
        return [
            PairOutput(
                dict(zip(outputs, values, strict=True)),
                [
                    start if second and end > start else -1
                    for (start, end), second in zip(
                        tokens["offset_mapping"], tokens["token_type_ids"], strict=True
                    )
                ],
            )
            for tokens, values in zip(encoded, self._run_each(ids, outputs), strict=True)
        ]

    def _run_each(self, ids: Sequence[Ids], outputs: Sequence[str]) -> list[list[Floats]]:
        """Run every input separately, and give the outputs of each, in the order of `ids`."""
        results: list[list[Floats]] = [[] for _ in ids]

        def encode(row: int) -> None:
            results[row] = [values[0] for values in self._session.run(list(outputs), self._feed(ids[row]))]

        # The longest inputs are run first, so that no thread works on a long one at the end while others have nothing
        # to do.
        order = sorted(range(len(ids)), key=lambda row: -len(ids[row][0]))
        if self._threads == 1 or len(ids) <= 1:
            for row in order:
                encode(row)
        else:
            with ThreadPoolExecutor(self._threads, thread_name_prefix="encoder") as threads:
                for done in threads.map(encode, order):
                    assert done is None
        return results

    def _width(self, name: str, first: Floats | None) -> int:
        """Give the number of values of an output; if the graph does not state it, the first result has it."""
        stated = self.outputs[name][-1] if self.outputs[name] else None
        if isinstance(stated, int):
            return stated
        return 1 if first is None else first.size

    def _tokenise(
        self, texts: Sequence[str] | Sequence[tuple[str, str]], *, offsets: bool = False
    ) -> list[dict[str, Any]]:
        encodings: list[dict[str, Any]] = []
        for start in range(0, len(texts), _TOKENISED):
            part = texts[start : start + _TOKENISED]
            pairs = [pair for pair in part if isinstance(pair, tuple)]
            first = [pair[0] for pair in pairs] if pairs else list(part)
            encoded = self.tokenizer(
                [without_surrogates(str(text)) for text in first],
                [without_surrogates(pair[1]) for pair in pairs] if pairs else None,
                truncation="longest_first",
                max_length=self._limits[bool(pairs)],
                return_attention_mask=False,
                return_token_type_ids=True,
                return_offsets_mapping=offsets,
            )
            encodings += [{name: values[row] for name, values in encoded.items()} for row in range(len(part))]
        return encodings

    def _feed(self, tokens: Ids) -> dict[str, NDArray[np.int64]]:
        ids = np.asarray([tokens[0]], dtype=np.int64)
        feed = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.asarray([tokens[1]], dtype=np.int64),
        }
        return {name: values for name, values in feed.items() if name in self._inputs}
