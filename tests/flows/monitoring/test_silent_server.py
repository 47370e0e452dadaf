"""The message about a Prefect server that does not answer tells how to run without it."""

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from commentariat import ConfigError
from flows.monitoring import result
from flows.serving.local_server import free_port


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the address of a server that is not there, and have no patience with it."""
    monkeypatch.setattr(result, "SERVER_PATIENCE_SECONDS", 0.0)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    return f"http://127.0.0.1:{free_port()}/api"


def message(api: str) -> str:
    with temporary_settings({PREFECT_API_URL: api}), pytest.raises(ConfigError) as raised:
        result.refuse_silent_server()
    return str(raised.value)


def test_a_variable_that_names_it_can_be_unset(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", silent)
    assert message(silent).endswith("or unset PREFECT_API_URL to run without it")


def test_a_setting_of_prefect_that_names_it_is_looked_for(silent: str) -> None:
    given = message(silent)
    assert silent in given
    assert "unset PREFECT_API_URL to" not in given
    assert "`prefect config view`" in given and "`prefect config unset PREFECT_API_URL`" in given
