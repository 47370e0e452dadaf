"""Checkpoints are fetched from the Hugging Face hub with all files that are read, and only these count.

The hub is a server on this machine that answers as the real one does.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import huggingface_hub
import onnx
import pytest

from models import load_classifier
from models.hub import download, downloaded_files
from models.loading import _load
from tests.models.test_foreign_checkpoints import (
    NLI,
    PRO,
    TARGET,
    write_config,
    write_graph,
    write_tokenizer,
)

NAME = "somebody/stances"
REVISION = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """A hub with one checkpoint: its files by their names, and the names that were asked for."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)

    def put(self, folder: Path) -> None:
        for path in folder.rglob("*"):
            if path.is_file():
                self.files[path.relative_to(folder).as_posix()] = path.read_bytes()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    one = Hub()

    class Answers(BaseHTTPRequestHandler):
        tree: ClassVar[str] = f"/api/models/{NAME}/tree/{REVISION}"
        content: ClassVar[str] = f"/{NAME}/resolve/{REVISION}/"

        def do_HEAD(self) -> None:
            self.answer(with_body=False)

        def do_GET(self) -> None:
            self.answer(with_body=True)

        def answer(self, *, with_body: bool) -> None:
            path, of_file = self.path.split("?")[0], {}
            if path == f"/api/models/{NAME}/revision/main":
                body = json.dumps({"id": NAME, "sha": REVISION, "siblings": []}).encode()
            elif path == self.tree:
                rows = [
                    {
                        "type": "file",
                        "path": name,
                        "size": len(content),
                        "oid": hashlib.sha1(content).hexdigest(),
                    }
                    for name, content in one.files.items()
                ]
                body = json.dumps(rows).encode()
            else:
                name = path.removeprefix(self.content)
                body = one.files[name]
                of_file = {"ETag": f'"{hashlib.sha256(body).hexdigest()}"', "X-Repo-Commit": REVISION}
                one.fetched += [name] if with_body else []
            self.send_response(200)
            for key, value in ({"Content-Length": str(len(body))} | of_file).items():
                self.send_header(key, value)
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    one.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", one.url)
    of_files = f"{one.url}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", of_files)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    yield one
    server.shutdown()
    server.server_close()
    _load.cache_clear()


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A folder of a checkpoint without weights, and with files that are not read."""
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    write_tokenizer(folder)
    write_config(folder, NLI)
    for name in ("README.md", "training_args.bin", "tf_model.h5", "optimizer.pt"):
        (folder / name).write_bytes(name.encode())
    return folder


def relative_names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in downloaded_files(folder)}


@pytest.mark.parametrize(
    ("weights", "fetched"),
    [
        (["pytorch_model.bin"], ["pytorch_model.bin"]),
        (
            ["pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin"],
            ["pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin"],
        ),
        (["model.safetensors", "pytorch_model.bin"], ["model.safetensors"]),
        (["onnx/model.onnx", "pytorch_model.bin"], ["onnx/model.onnx"]),
        (["model.onnx", "model.onnx_data"], ["model.onnx", "model.onnx_data"]),
        (["onnx/model.onnx", "onnx/model.onnx.data"], ["onnx/model.onnx", "onnx/model.onnx.data"]),
    ],
)
def test_the_weights_that_are_read_are_fetched_and_no_others(
    hub: Hub, checkpoint: Path, weights: list[str], fetched: list[str]
) -> None:
    for name in weights:
        (checkpoint / name).parent.mkdir(exist_ok=True)
        (checkpoint / name).write_bytes(name.encode())
    hub.put(checkpoint)
    folder = download(NAME)
    expected = {"config.json", "tokenizer.json", "tokenizer_config.json", *fetched}
    assert set(hub.fetched) == relative_names(folder) == expected
    assert len(hub.fetched) == len(expected), "each is fetched once"


def test_a_graph_whose_weights_are_beside_it_is_read_by_its_name_on_the_hub(
    hub: Hub, checkpoint: Path
) -> None:
    write_graph(checkpoint / "model.onnx")
    graph = onnx.load(checkpoint / "model.onnx")
    onnx.save(
        graph,
        checkpoint / "model.onnx",
        save_as_external_data=True,
        location="model.onnx_data",
        size_threshold=100,
    )
    hub.put(checkpoint)
    (reading,) = load_classifier(NAME).read([PRO], [[TARGET]])
    assert reading.stances[0].stance == "favor"


def test_files_of_a_checkpoint_that_another_program_fetched_do_not_change_its_version(
    hub: Hub, checkpoint: Path
) -> None:
    write_graph(checkpoint / "model.onnx")
    hub.put(checkpoint)
    before = load_classifier(NAME).weights_version
    _load.cache_clear()
    huggingface_hub.snapshot_download(NAME)
    assert "tf_model.h5" in hub.fetched
    assert load_classifier(NAME).weights_version == before


def test_a_checkpoint_has_the_same_version_by_its_name_and_as_a_folder_of_the_same_files(
    hub: Hub, checkpoint: Path, tmp_path: Path
) -> None:
    write_graph(checkpoint / "model.onnx")
    hub.put(checkpoint)
    by_name = load_classifier(NAME).weights_version
    copied = tmp_path / "copied"
    shutil.copytree(download(NAME), copied)
    assert load_classifier(str(copied)).weights_version == by_name
    (copied / "tf_model.h5").write_bytes(b"more")
    _load.cache_clear()
    assert load_classifier(str(copied)).weights_version != by_name, "of a folder, all files count"
