"""For tests of configurations: a file with a given text, the message about its mistakes, and folders to start from."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from commentariat import ConfigError
from flows.settings.config import load_config

SOURCE = '[[sources]]\nname = "a"\ntype = "feed"\nlocation = "https://a.example/feed.xml"\n'
TARGET = '[[targets]]\nid = "tolls"\nstatement = "Cities should charge drivers"\n'


@pytest.fixture
def write(tmp_path: Path):
    """Write ``commentariat.toml`` with a text, and give its path."""

    def write(text: str) -> Path:
        file = tmp_path / "commentariat.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def complaint(file: Path, **environment: str) -> str:
    """Give the message with which a configuration is refused."""
    with pytest.raises(ConfigError) as raised:
        load_config(file, environment)
    assert str(file) in str(raised.value) or environment
    return str(raised.value)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory that is not the folder of the configuration."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def _in_a_folder_that_nobody_may_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0)
    if os.getuid() == 0:
        os.seteuid(65534)  # root may read everything
    yield
    os.seteuid(os.getuid())
    tmp_path.chmod(0o700)
