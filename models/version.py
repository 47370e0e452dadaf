"""Fingerprints of a model: what goes into every row as ``model_version`` and ``weights_version``."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from commentariat import ModelError

#: Raise by one when the same weights would give other raw scores or topics: passages, screen, packs, evidence.
READING = 4
#: Raise by one when the same raw scores would give other answers.
DECIDING = 1
#: The key of ``config.json`` that decides answers from raw scores, and nothing else.
_ANSWER = "answer"
#: The key of ``config.json`` that only describes how the model was made and what it reached.
_NOTES = "training"
#: Endings of files that do not touch an answer.
_DESCRIPTIVE = (".md", ".png", ".svg", ".gitattributes", ".gitignore")
_SHOWN = 12


def answer_fingerprint(weights: str, folder: Path, stated_right: float, calibration: str = "") -> str:
    """Name what decides stances: the weights, the calibration, and the share of stated sides that is to be right.

    Parameters
    ----------
    weights
        :func:`fingerprint` of everything that gives raw scores.
    folder
        The model folder whose calibration is used.
    stated_right
        The share that was asked for.
    calibration
        A calibration in place of the folder's: the key ``answer`` as JSON.

    Returns
    -------
    str
        The first 12 hex digits of a SHA-256.
    """
    own = (_config(folder / "config.json") or {}).get(_ANSWER, {})
    answer = json.dumps(json.loads(calibration) if calibration else own, sort_keys=True)
    described = f"{weights}\ndeciding {DECIDING}\n{answer}\nstated right {stated_right:.6g}\n"
    return hashlib.sha256(described.encode()).hexdigest()[:_SHOWN]


def _config(path: Path) -> dict[str, Any] | None:
    """Read a ``config.json``; None if it is damaged, which is named when the model is opened."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return read if isinstance(read, dict) else None


def fingerprint(*folders: Path, reading: int = READING) -> str:
    """Hash the names and contents of all files that decide a model's raw scores and topics.

    Of ``config.json`` that is everything but the calibration of answers and the notes on how the model was made; how it
    is written (order of keys, white space) does not count.

    Parameters
    ----------
    folders
        The model's folder, and those of other models it leans on.
    reading
        Revision of the code that reads texts.

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
                digest.update(f"{path.relative_to(folder).as_posix()} {_content_hash(path)}\n".encode())
        except OSError as error:
            raise ModelError(f"Cannot read the model folder {folder}: {error}.") from error
    return digest.hexdigest()[:_SHOWN]


def _content_hash(path: Path) -> str:
    """Hash what counts of a file."""
    config = _config(path) if path.name == "config.json" else None
    if config is not None:
        counting = {key: value for key, value in config.items() if key not in {_ANSWER, _NOTES}}
        return hashlib.sha256(json.dumps(counting, sort_keys=True).encode()).hexdigest()
    content = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            content.update(block)
    return content.hexdigest()
