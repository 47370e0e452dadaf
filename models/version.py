"""The fingerprint of a model: what goes into every row as ``model_version``."""

from __future__ import annotations

import hashlib
from pathlib import Path

from commentariat import ModelError

#: Raise by one when the same weights would answer differently: passages, screening, aggregation, evidence.
READING = 2
#: Files that do not touch an answer.
_DESCRIPTIVE = (".md", ".png", ".svg", ".gitattributes", ".gitignore")
_SHOWN = 12


def fingerprint(*folders: Path, reading: int = READING) -> str:
    """Hash the names and contents of all files that decide a model's answers.

    Parameters
    ----------
    folders
        The model's folder, and those of other models it leans on.
    reading
        Revision of the code that turns logits into answers.

    Returns
    -------
    str
        The first 12 hex digits of a SHA-256; equal on every machine for equal contents.

    Raises
    ------
    ModelError
        If a folder cannot be read.
    """
    digest = hashlib.sha256(f"reading {reading}\n".encode())
    for folder in folders:
        try:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                if path.name.endswith(_DESCRIPTIVE) or "__pycache__" in path.parts or path.suffix == ".py":
                    continue
                content = hashlib.sha256()
                with path.open("rb") as file:
                    while block := file.read(1 << 20):
                        content.update(block)
                digest.update(f"{path.relative_to(folder).as_posix()} {content.hexdigest()}\n".encode())
        except OSError as error:
            raise ModelError(f"Cannot read the model folder {folder}: {error}.") from error
    return digest.hexdigest()[:_SHOWN]
