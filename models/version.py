"""Fingerprints of a model: the values of ``model_version`` and ``weights_version`` in every row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from commentariat import ModelError

#: Increase by one when a change makes the same weights give other raw scores or topics: the statement that is made of a
#: question, passages, screen, packs, evidence.
READING = 18
#: Increase by one when a change makes the same raw scores give other answers.
DECIDING = 5
#: The key of ``config.json`` that determines the answers from raw scores and nothing else.
_ANSWER = "answer"
#: The key of ``config.json`` that only describes how the model was made and its measured quality.
_NOTES = "training"
#: Endings of files that have no influence on answers.
_DESCRIPTIVE = (".md", ".png", ".svg")
_SHOWN = 12


def answer_fingerprint(
    weights: str, folder: Path, stated_right: float, calibration: str = "", topics: str = ""
) -> str:
    """Give the fingerprint of what determines answers: weights, calibration, share of right sides, and taxonomy.

    Parameters
    ----------
    weights
        :func:`fingerprint` of everything that gives raw scores.
    folder
        The model folder whose calibration is used.
    stated_right
        The requested share.
    calibration
        A calibration that replaces the folder's own: the key ``answer`` as JSON.
    topics
        :meth:`~models.taxonomy.Taxonomy.fingerprint` of the taxonomy; empty for the folder's own taxonomy.

    Returns
    -------
    str
        The first 12 hex digits of a SHA-256.
    """
    own = (_config(folder / "config.json") or {}).get(_ANSWER, {})
    answer = json.dumps(json.loads(calibration) if calibration else own, sort_keys=True)
    described = f"{weights}\ndeciding {DECIDING}\n{answer}\nstated right {stated_right:.6g}\n"
    if topics:
        described += f"topics {topics}\n"
    return hashlib.sha256(described.encode()).hexdigest()[:_SHOWN]


def _config(path: Path) -> dict[str, Any] | None:
    """Read a ``config.json``; None if it is damaged. The damage is reported when the model is opened."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return read if isinstance(read, dict) else None


def fingerprint(*folders: Path, reading: int = READING, fetched: Collection[Path] | None = None) -> str:
    """Hash the names and contents of all files that determine a model's raw scores and topics.

    From ``config.json`` everything counts except the calibration of answers and the notes on how the model was made.
    The order of its keys and its white space do not count. Hidden files and folders do not count: git, or a download
    from the Hugging Face hub, keeps there what differs between two folders of the same model, such as times.

    Parameters
    ----------
    folders
        The model's folder, and the folders of other models that it uses.
    reading
        Revision of the code that reads texts.
    fetched
        If the first folder is in the cache of the Hugging Face hub, its files that count: other programs put files
        there too.

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
    for number, folder in enumerate(folders):
        try:
            files = folder.rglob("*") if number or fetched is None else fetched
            for path in sorted(path for path in files if path.is_file()):
                inside = path.relative_to(folder)
                if _counts(inside):
                    digest.update(f"{inside.as_posix()} {_content_hash(path)}\n".encode())
        except OSError as error:
            raise ModelError(f"Cannot read the model folder {folder}: {error}.") from error
    return digest.hexdigest()[:_SHOWN]


def _counts(inside: Path) -> bool:
    """Whether a file, named from its model folder, has influence on raw scores or topics."""
    if any(part.startswith(".") or part == "__pycache__" for part in inside.parts):
        return False
    return inside.suffix != ".py" and not inside.name.endswith(_DESCRIPTIVE)


def _content_hash(path: Path) -> str:
    """Hash the part of a file that counts."""
    config = _config(path) if path.name == "config.json" else None
    if config is not None:
        counting = {key: value for key, value in config.items() if key not in {_ANSWER, _NOTES}}
        return hashlib.sha256(json.dumps(counting, sort_keys=True).encode()).hexdigest()
    content = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            content.update(block)
    return content.hexdigest()
