"""``commentariat init``: the configuration that it writes."""

from pathlib import Path

from flows.settings.config import load_config
from tests.flows.conftest import Command


def test_init_writes_a_valid_configuration_once(command: Command, tmp_path: Path):
    assert command("init").code == 0
    assert load_config(tmp_path / "commentariat.toml", {}).sources
    again = command("init")
    assert again.code == 2
    assert "already there; --force overwrites it" in again.err
    assert command("init", "--force").code == 0


def test_init_into_a_folder_that_is_missing_is_reported(command: Command):
    assert "cannot be written" in command("init", "missing/commentariat.toml").err
