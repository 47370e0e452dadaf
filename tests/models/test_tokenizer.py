"""The tokenizer of a model folder is loaded, or the message says what is wrong with its files."""

import json
from pathlib import Path

import pytest

from commentariat import ModelError
from models.tokenizer import load_tokenizer


def test_a_tokenizer_of_a_newer_kind_is_refused(folder: Path) -> None:
    content = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    content["model"]["type"] = "Of tomorrow"
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ModelError, match=str(folder)):
        load_tokenizer(folder)


def test_a_folder_without_files_of_a_tokenizer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"has no tokenizer files \(tokenizer\.json\)"):
        load_tokenizer(tmp_path)
