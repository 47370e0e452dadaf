"""Messages about a Prefect server: if it does not answer, how to run without it; if it refuses a request, why."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_CLOUD_API_URL, temporary_settings

from commentariat import CommentariatError, ConfigError
from flows.monitoring import command_run
from flows.night.opening import NightRequest
from flows.nightly import nightly
from flows.serving.deployments import put_rules_in_force
from tests.ports import silent_port


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the address of a server that is not there, and have no patience with it."""
    monkeypatch.setattr(command_run, "SERVER_PATIENCE_SECONDS", 0.0)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with silent_port() as port:
        yield f"http://127.0.0.1:{port}/api"


def message(api: str) -> str:
    with temporary_settings({PREFECT_API_URL: api}), pytest.raises(ConfigError) as raised:
        command_run.refuse_silent_server()
    return str(raised.value)


def test_a_variable_that_names_it_can_be_unset(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", silent)
    assert message(silent).endswith("or unset PREFECT_API_URL to run without it")


def test_a_setting_of_prefect_that_names_it_is_looked_for(silent: str) -> None:
    given = message(silent)
    assert silent in given
    assert "unset PREFECT_API_URL to" not in given
    assert "`prefect config view`" in given and "`prefect config unset PREFECT_API_URL`" in given


@contextmanager
def refusing(status: int, *, healthy: bool = True) -> Iterator[str]:
    """Answer as a Prefect server that refuses every request, but the one about its health if it is healthy."""

    class Refusing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            is_health = healthy and self.path.endswith("/health")
            body = b"true" if is_health else b'{"exception_message": "no"}'
            self.send_response(200 if is_health else status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("status", [401, 403])
def test_a_server_that_asks_for_a_password_names_the_setting(status: int) -> None:
    with refusing(status) as api, temporary_settings({PREFECT_API_URL: api}):
        with pytest.raises(ConfigError, match=f"it answers {status}.*set PREFECT_API_AUTH_STRING"):
            put_rules_in_force()
        with pytest.raises(ConfigError, match=f"the run: it answers {status}.*set PREFECT_API_AUTH_STRING"):
            command_run.run_to_its_end(
                lambda: nightly(NightRequest(), return_state=True), lambda _: 0, lambda: None
            )


@pytest.mark.parametrize("status", [401, 403])
def test_a_server_behind_a_proxy_with_a_password_is_not_called_silent(status: int) -> None:
    """Such a proxy refuses also the question about the server's health."""
    with refusing(status, healthy=False) as api:
        given = message(api)
    assert f"it answers {status}" in given and "set PREFECT_API_AUTH_STRING" in given
    assert "does not answer" not in given


@pytest.mark.parametrize("status", [404, 500])
@pytest.mark.usefixtures("silent")
def test_an_address_where_no_prefect_server_runs_names_the_setting(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another web server answers 404, and a broken proxy 500."""
    with refusing(status, healthy=False) as api:
        from_profile = message(api)
        monkeypatch.setenv("PREFECT_API_URL", api)
        from_environment = message(api)
    for given in (from_profile, from_environment):
        assert f"it answers {status}; see its log" in given and "`prefect server start`" in given
        assert "does not answer" not in given
    assert "`prefect config unset PREFECT_API_URL`" in from_profile
    assert from_environment.endswith("or unset PREFECT_API_URL to run without it")


def test_prefect_cloud_asks_for_a_key() -> None:
    with refusing(401, healthy=False) as api, temporary_settings({PREFECT_CLOUD_API_URL: api}):
        assert "set PREFECT_API_KEY" in message(f"{api}/accounts/a/workspaces/w")


def test_another_refusal_names_the_log_of_the_server() -> None:
    with (
        refusing(500) as api,
        temporary_settings({PREFECT_API_URL: api}),
        pytest.raises(CommentariatError, match="it answers 500; see its log"),
    ):
        put_rules_in_force()
