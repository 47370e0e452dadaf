"""Fetching another checkpoint from the Hugging Face hub."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

from commentariat import ModelError

#: Names of the graph that is read if a checkpoint has one.
GRAPHS = ("model.onnx", "onnx/model.onnx")
#: Files that are fetched. The weights of a large graph are beside it (``model.onnx_data``).
_FILES = ("*.json", "*.txt", "*.model", "*.safetensors", *(f"{graph}*" for graph in GRAPHS))
#: Weights in the older form, which are fetched only if a checkpoint has no others.
_OLDER_WEIGHTS = ("pytorch_model*.bin",)


def download(name: str) -> Path:
    """Download a checkpoint from the Hugging Face hub, or find it in the hub's local cache.

    Returns
    -------
    Path
        Its folder in the cache. Other programs may have put further files of the same checkpoint there; those of
        :func:`downloaded_files` count.

    Raises
    ------
    ModelError
        If the checkpoint is neither on the hub nor in the cache.
    """
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - slow to import, and rarely wanted

    try:
        folder = Path(snapshot_download(name, allow_patterns=list(_FILES)))
        if _needs_older_weights(folder):
            # The folder has the name of the revision, so that all files are of the same one.
            snapshot_download(name, revision=folder.name, allow_patterns=[*_FILES, *_OLDER_WEIGHTS])
    except Exception as error:  # the hub's client raises errors of several libraries
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ModelError(
            f"{name!r} is neither a folder nor a checkpoint to be had from the Hugging Face hub: {reason}"
        ) from error
    return folder


def downloaded_files(folder: Path) -> list[Path]:
    """Return the files in a folder of the hub's cache that :func:`download` fetches."""
    patterns = (*_FILES, *_OLDER_WEIGHTS) if _needs_older_weights(folder) else _FILES
    return [
        path
        for path in folder.rglob("*")
        if path.is_file()
        and any(fnmatch(path.relative_to(folder).as_posix(), pattern) for pattern in patterns)
    ]


def _needs_older_weights(folder: Path) -> bool:
    has_graph = any((folder / graph).is_file() for graph in GRAPHS)
    return not has_graph and not any(folder.glob("*.safetensors"))
