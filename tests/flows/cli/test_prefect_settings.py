"""A mistake in a setting of Prefect, or in the configuration, is one message."""

from pathlib import Path

import pytest

from tests.journeys.console_script import Ended, Stranger

COMMANDS = (
    ["run"], ["rescore"], ["rescore", "--dry-run"], ["maintain"], ["up"], ["serve"], ["discover", "x.txt"],
    ["try", "A statement"],
)  # fmt: skip


def the_message(ended: Ended) -> str:
    assert ended.code == 2, ended.err
    assert "Traceback" not in ended.err
    (line,) = [line for line in ended.err.splitlines() if line.startswith("commentariat: ")]
    return line


@pytest.mark.parametrize("command", COMMANDS)
def test_a_setting_that_prefect_refuses_is_named(tmp_path: Path, command: list[str]) -> None:
    stranger = Stranger(tmp_path, {"PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "1.5"})
    (tmp_path / "x.txt").write_text("A text.")
    message = the_message(stranger.types(*command))
    assert message.startswith("commentariat: Prefect cannot start with its present settings: ")
    assert "startup_timeout_seconds (ServerEphemeralSettings): Input should be a valid integer" in message
    assert "PREFECT_..." in message


def test_a_file_with_settings_of_prefect_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "prefect.toml").write_text("[server\n")
    assert "prefect.toml: invalid TOML" in the_message(Stranger(tmp_path).types("maintain"))


def test_a_home_folder_that_is_not_known_is_reported(tmp_path: Path) -> None:
    message = the_message(Stranger(tmp_path, {"PREFECT_HOME": "~nobody-has-this-name/p"}).types("maintain"))
    assert "home" in message


@pytest.mark.parametrize("command", ["run", "up"])
def test_a_folder_in_which_prefect_cannot_keep_its_database_is_named(tmp_path: Path, command: str) -> None:
    home = tmp_path / "missing" / "prefect"
    message = the_message(Stranger(tmp_path, {"PREFECT_HOME": str(home)}).types(command))
    assert str(home) in message and "name another folder in PREFECT_HOME" in message


@pytest.mark.parametrize("command", ["run", "rescore", "maintain", "up"])
def test_a_mistake_in_the_configuration_is_reported_before_anything_starts(
    tmp_path: Path, command: str
) -> None:
    (tmp_path / "commentariat.toml").write_text("[warehouse]\nplace = 'x'\n")
    assert "the configuration has mistakes" in the_message(Stranger(tmp_path).types(command))
    assert not (tmp_path / "home" / ".prefect").exists()
