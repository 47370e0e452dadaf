"""Loading the tokenizer of a model folder, of any kind that the library transformers reads."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from commentariat import ModelError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

#: The class of transformers that the bundled folder names for its tokenizer.
_OWN_KIND = "PreTrainedTokenizerFast"


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
    # Without torch the library prints an advisory at every import. The import takes a second, so it is not at the top.
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    import transformers  # noqa: PLC0415 - as above

    # AutoTokenizer reads every kind, but it imports torch where that is installed: a second, and 180 MB of memory.
    name = _OWN_KIND if _kind_of_tokenizer(folder) == _OWN_KIND else "AutoTokenizer"
    try:
        tokenizer: PreTrainedTokenizerBase = getattr(transformers, name).from_pretrained(
            folder, local_files_only=True
        )
    except Exception as error:  # tokenizers raises a bare Exception for a file of a newer kind
        raise ModelError(f"The tokenizer in {folder} cannot be loaded: {error}") from error
    # Inputs are cut to length by whoever encodes them, so the tokenizer's warning about long inputs is not needed.
    tokenizer.model_max_length = 1 << 30
    return tokenizer


def _kind_of_tokenizer(folder: Path) -> str | None:
    """Give the class that the folder names for its tokenizer; None if it names none, or cannot be read."""
    try:
        config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return config.get("tokenizer_class") if isinstance(config, dict) else None
