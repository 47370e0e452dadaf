"""Word pieces: the numbers that a network reads in place of a text, made by the tokenizer of a model folder.

The tokenizer of a folder of our own is a single file, which the library ``tokenizers`` reads. The library
``transformers`` reads the tokenizers of all checkpoints. It is imported only for those of others, because the import
takes more than a second and 30 MB, and 200 MB where torch is installed.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tokenizers import Tokenizer

from commentariat import ModelError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

__all__ = ["TextTokenizer", "Texts", "WordPieces", "load_tokenizer", "open_tokenizer"]

Texts = Sequence[str] | Sequence[tuple[str, str]]
"""Single texts, or pairs of texts; all of one kind."""

_FILE = "tokenizer.json"
#: The class of a tokenizer that has no rules besides those in its file.
_OF_A_FILE = "PreTrainedTokenizerFast"


@dataclass(frozen=True, slots=True)
class WordPieces:
    """The word pieces of one input.

    Attributes
    ----------
    ids
        The number of each piece, with those of the special pieces.
    type_ids
        For each piece: 1 if it belongs to the second text of a pair, otherwise 0.
    offsets
        For each piece, the positions in its text, in characters, at which it starts and ends; empty if they were not
        asked for.
    """

    ids: list[int]
    type_ids: list[int]
    offsets: list[tuple[int, int]]


class TextTokenizer(Protocol):
    """A tokenizer that several threads may use; no text may have a lone surrogate."""

    def count(self, texts: Sequence[str]) -> list[int]:
        """Count the pieces of each text, without the special ones."""
        ...

    def encode(self, texts: Texts, *, most: int, offsets: bool) -> list[WordPieces]:
        """Give the pieces of each text or pair; of more than ``most`` pieces, the end of the longer text is cut."""
        ...


def open_tokenizer(folder: Path) -> TextTokenizer:
    """Open the tokenizer of a model folder.

    Raises
    ------
    ModelError
        If its files are missing or damaged.
    """
    if not _is_a_single_file(folder):
        return _TokenizerOfACheckpoint(load_tokenizer(folder))
    try:
        return _TokenizerOfAFile(folder / _FILE)
    except Exception as error:  # the library raises no class of its own
        raise ModelError(f"The tokenizer in {folder} cannot be loaded: {error}") from error


def load_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """Load the tokenizer of a model folder with ``transformers``, which knows those of all checkpoints.

    Raises
    ------
    ModelError
        If its files are missing or damaged.
    """
    if not any((folder / name).is_file() for name in (_FILE, "vocab.txt", "tokenizer_config.json")):
        raise ModelError(
            f"The model folder {folder} has no tokenizer files (tokenizer.json): copy the whole folder."
        )
    # Without torch the library prints an advisory at every import.
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    from transformers import AutoTokenizer  # noqa: PLC0415 - see the module

    try:
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError, TypeError, ImportError) as error:
        raise ModelError(f"The tokenizer in {folder} cannot be loaded: {error}") from error
    # Inputs are cut to length by their readers, so the tokenizer's warning about long inputs is not needed.
    tokenizer.model_max_length = 1 << 30
    return tokenizer


def _is_a_single_file(folder: Path) -> bool:
    """Whether the tokenizer of a folder has no rules besides those in its file."""
    try:
        config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return (
        isinstance(config, dict)
        and str(config.get("tokenizer_class")) == _OF_A_FILE
        and (folder / _FILE).is_file()
    )


class _TokenizerOfAFile:
    def __init__(self, path: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        # The length at which inputs are cut is a state of the tokenizer, so threads take turns.
        self._turn = threading.Lock()

    def count(self, texts: Sequence[str]) -> list[int]:
        with self._turn:
            self._tokenizer.no_truncation()
            encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [len(one.ids) for one in encoded]

    def encode(self, texts: Texts, *, most: int, offsets: bool) -> list[WordPieces]:
        with self._turn:
            self._tokenizer.enable_truncation(max_length=most, strategy="longest_first")
            encoded = self._tokenizer.encode_batch(list(texts))
        return [WordPieces(one.ids, one.type_ids, one.offsets if offsets else []) for one in encoded]


class _TokenizerOfACheckpoint:
    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer

    def count(self, texts: Sequence[str]) -> list[int]:
        encoded = self._tokenizer(
            list(texts),
            add_special_tokens=False,
            return_attention_mask=False,
            return_token_type_ids=False,
        )
        return [len(ids) for ids in encoded["input_ids"]]

    def encode(self, texts: Texts, *, most: int, offsets: bool) -> list[WordPieces]:
        pairs = [one for one in texts if isinstance(one, tuple)]
        encoded = self._tokenizer(
            [first for first, _ in pairs] if pairs else [str(text) for text in texts],
            [second for _, second in pairs] if pairs else None,
            truncation="longest_first",
            max_length=most,
            return_attention_mask=False,
            return_token_type_ids=True,
            return_offsets_mapping=offsets,
        )
        places: list[list[tuple[int, int]]] = (
            encoded["offset_mapping"] if offsets else [[] for _ in encoded["input_ids"]]
        )
        return [
            WordPieces(ids, type_ids, found)
            for ids, type_ids, found in zip(
                encoded["input_ids"], encoded["token_type_ids"], places, strict=True
            )
        ]
