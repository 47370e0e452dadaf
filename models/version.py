"""Fingerprints of a model: what goes into every row as ``model_version`` and ``weights_version``."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from commentariat import ModelError

#: Raise by one when the same weights would give other raw scores or topics: passages, screen, packs, evidence.
READING = 3
#: Raise by one when the same raw scores would give other answers.
DECIDING = 1
#: The key of ``config.json`` that decides answers from raw scores, and nothing else.
_ANSWER = "answer"
#: Files that do not touch an answer.
_DESCRIPTIVE = (".md", ".png", ".svg", ".gitattributes", ".gitignore")
_SHOWN = 12


def answer_fingerprint(weights: str, folder: Path, stated_right: float) -> str:
    """Name what decides stances: the weights, the calibration, and the share of stated sides that is to be right.

    Parameters
    ----------
    weights
        :func:`fingerprint` of everything that gives raw scores.
    folder
        The model folder whose calibration is used.
    stated_right
        The share that was asked for.

    Returns
    -------
    str
        The first 12 hex digits of a SHA-256.
    """
    answer = json.dumps(_config(folder / "config.json").get(_ANSWER, {}), sort_keys=True)
    described = f"{weights}\ndeciding {DECIDING}\n{answer}\nstated right {stated_right:.6g}\n"
    return hashlib.sha256(described.encode()).hexdigest()[:_SHOWN]


def _config(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # opening the model names what is wrong with it
    return read if isinstance(read, dict) else {}


def fingerprint(*folders: Path, reading: int = READING) -> str:
    """Hash the names and contents of all files that decide a model's raw scores and topics.

    Of ``config.json`` that is everything but the calibration of answers.

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
                if path.name == "config.json":
                    kept = {key: value for key, value in _config(path).items() if key != _ANSWER}
                    content.update(json.dumps(kept, sort_keys=True).encode())
                    digest.update(f"{path.relative_to(folder).as_posix()} {content.hexdigest()}\n".encode())
                    continue
                with path.open("rb") as file:
                    while block := file.read(1 << 20):
                        content.update(block)
                digest.update(f"{path.relative_to(folder).as_posix()} {content.hexdigest()}\n".encode())
        except OSError as error:
            raise ModelError(f"Cannot read the model folder {folder}: {error}.") from error
    return digest.hexdigest()[:_SHOWN]
