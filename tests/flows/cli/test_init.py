"""``commentariat init``: the configuration that it writes."""

from pathlib import Path

import pytest

from flows.settings.config import load_config
from tests.flows.conftest import Command


def test_init_writes_a_valid_configuration_once(command: Command, tmp_path: Path):
    assert command("init").code == 0
    assert load_config(tmp_path / "commentariat.toml", {}).sources
    again = command("init")
    assert again.code == 2
    assert "already there; --force overwrites it" in again.err
    assert command("init", "--force").code == 0


def test_init_of_a_folder_names_a_file_in_it(command: Command, tmp_path: Path):
    ended = command("init", str(tmp_path), "--force")
    assert ended.code == 2
    assert (
        f"{tmp_path}: is a folder; name a file in it, such as {tmp_path / 'commentariat.toml'}" in ended.err
    )


def test_init_into_a_folder_that_is_missing_is_reported(command: Command):
    assert "cannot be written" in command("init", "missing/commentariat.toml").err


@pytest.mark.parametrize(
    ("file", "then"),
    [
        ("commentariat.toml", "commentariat run"),
        ("./commentariat.toml", "commentariat run"),
        ("press.toml", "commentariat run -c press.toml"),
        ("my press/commentariat.toml", "commentariat run -c 'my press/commentariat.toml'"),
    ],
)
def test_the_command_that_init_names_uses_the_file_that_it_wrote(
    command: Command, tmp_path: Path, file: str, then: str
):
    (tmp_path / "my press").mkdir()
    assert command("init", file).out.endswith(f", then: {then}\n")
    assert command("init", tmp_path / "commentariat.toml", "--force").out.endswith("then: commentariat run\n")
