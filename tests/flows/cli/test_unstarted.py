"""A run that cannot start is reported by an alert, as cron has nobody who reads what it prints."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.monitoring import alerts, command_run
from tests.flows.conftest import Command
from tests.flows.monitoring.test_alerts import standard_input, web_receiver
from tests.ports import silent_port

COMMANDS = {"run": "nightly", "rescore": "rescore", "maintain": "maintenance"}


@pytest.fixture(autouse=True)
def _without_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Name a server that is not there, have no patience with it, and forget what other tests have reported."""
    monkeypatch.setattr(command_run, "SERVER_PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(alerts, "_REPORTED", set())
    with silent_port() as port, temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{port}/api"}):
        yield


def failing(tmp_path: Path, address: str, mistake: str = "") -> Path:
    config = tmp_path / "commentariat.toml"
    config.write_text(f'[alerts]\nwebhook = "{address}"\n{mistake}')
    return config


@pytest.mark.parametrize("name", COMMANDS)
def test_a_server_that_does_not_answer_is_reported(command: Command, tmp_path: Path, name: str) -> None:
    with web_receiver() as (address, received):
        ended = command(name, "--config", failing(tmp_path, address))
    assert ended.code == 2
    (alert,) = received
    assert (alert["flow"], alert["state"]) == (COMMANDS[name], "NotStarted")
    assert "does not answer" in alert["message"] and alert["message"] in ended.err


@pytest.mark.parametrize("name", COMMANDS)
def test_a_mistake_in_the_configuration_is_reported_as_the_environment_says(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with web_receiver() as (address, received):
        monkeypatch.setenv("COMMENTARIAT_ALERTS__WEBHOOK", address)
        ended = command(name, "--config", failing(tmp_path, address, "[warehouse]\nplace = 'x'\n"))
    assert ended.code == 2
    assert ["warehouse.place" in alert["message"] for alert in received] == [True]


def test_nobody_at_a_terminal_and_no_dry_run_gets_an_alert(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web_receiver() as (address, received):
        config = failing(tmp_path, address)
        with standard_input(is_terminal=True) as terminal, monkeypatch.context() as there:
            there.setattr("sys.stdin", terminal)
            assert command("run", "--config", config).code == 2
        assert command("rescore", "--dry-run", "--config", config).code != 0
    assert received == []


def test_an_alert_that_cannot_be_delivered_is_named_and_the_exit_code_stays(
    command: Command, tmp_path: Path
) -> None:
    with web_receiver(status=500) as (address, _):
        ended = command("run", "--config", failing(tmp_path, address))
    assert ended.code == 2
    assert "alert not delivered through webhook at 127.0.0.1: HTTPError 500" in ended.err


def test_a_run_that_fails_sends_its_own_alert_and_no_second_one(
    command: Command, tmp_path: Path, prefect_server: str
) -> None:
    with web_receiver() as (address, received), temporary_settings({PREFECT_API_URL: prefect_server}):
        config = failing(tmp_path, address, '[warehouse]\npath = "commentariat.toml"\n')
        (tmp_path / "op-ed.txt").write_text("A text.")
        ended = command("run", "--config", config, "--input", "op-ed.txt")
    assert ended.code > 1, ended.err
    assert [alert["state"] for alert in received] == ["Failed"], ended.err
