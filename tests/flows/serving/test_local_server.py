"""A server on this machine is found behind a proxy, and starts in bad conditions or ends with the reason."""

import os
import pty
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from commentariat import CommentariatError, ConfigError
from flows.serving.local_server import LateServerError, TakenPortError, importing_server, local_server
from flows.settings.server_settings import apply_prefect_settings
from tests.flows.serving.test_server_end import until
from tests.ports import own_port, silent_port

ROOT = Path(__file__).parents[3]
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
STARTED = """
from flows.serving.local_server import local_server
from tests.ports import own_port
with local_server(own_port()) as api:
    print(api)
"""


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"true")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    """Serve as a healthy Prefect server; yield the port."""
    server = HTTPServer(("127.0.0.1", 0), Healthy)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with silent_port() as nobody:
        for name in ("http_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{nobody}")
        yield


@pytest.mark.usefixtures("behind_a_proxy")
def test_a_server_on_this_machine_is_found_where_a_proxy_is_named(port: int) -> None:
    with local_server(port) as api:
        assert api == f"http://127.0.0.1:{port}/api"


@pytest.mark.usefixtures("behind_a_proxy")
def test_the_clients_of_prefect_reach_it_too(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"http_proxy": "http://proxy.example:3128"}
    apply_prefect_settings(environment)
    monkeypatch.setenv("no_proxy", environment["no_proxy"])
    assert httpx.get(f"http://127.0.0.1:{port}/api/health").text == "true"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, None),
        ({"no_proxy": "intranet.example"}, "intranet.example"),
        ({"http_proxy": "http://p:1"}, "127.0.0.1,localhost,::1"),
        (
            {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "a.example, localhost"},
            "a.example,localhost,127.0.0.1,::1",
        ),
        ({"all_proxy": "socks5://p:1", "no_proxy": "*"}, "*"),
        ({"http_proxy": ""}, None),
    ],
)
def test_no_proxy_names_this_machine_if_and_only_if_a_proxy_is_configured(
    before: dict[str, str], after: str | None
) -> None:
    environment = dict(before)
    apply_prefect_settings(environment)
    assert environment.get("no_proxy") == after


def without_prefect_variables(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return kept | {"PYTHONPATH": str(ROOT), "PREFECT_HOME": str(home)}


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty PREFECT_HOME for the servers of a test."""
    home = tmp_path / "prefect"
    monkeypatch.setenv("PREFECT_HOME", str(home))
    return home


@pytest.mark.usefixtures("own_home")
def test_a_healthy_server_is_used_even_if_the_time_for_its_start_is_over() -> None:
    port = own_port()
    with importing_server(port, temporary=True) as server:
        server.go_on(None)
        until(lambda: is_healthy(port), 240)
        assert server.api(0) == f"http://127.0.0.1:{port}/api"


@pytest.mark.usefixtures("own_home")
def test_a_server_that_does_not_answer_in_time_is_late() -> None:
    with (
        importing_server(own_port(), temporary=True) as server,
        pytest.raises(LateServerError, match="did not start in time"),
    ):
        server.api(0)


def test_a_server_makes_no_database_and_does_not_fail_before_it_is_told_to_go_on(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # With this value, Prefect cannot be imported.
    monkeypatch.setenv("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "not a number")
    with importing_server(own_port(), temporary=True) as server:
        assert server._process is not None
        with pytest.raises(subprocess.TimeoutExpired):
            server._process.wait(8)
    assert "Traceback" not in capfd.readouterr().err
    assert not list(own_home.glob("*.db"))


def test_a_server_that_fails_while_it_imports_its_modules_says_so_when_it_is_told_to_go_on(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "not a number")
    with importing_server(own_port(), temporary=True) as server:
        server.go_on(None)
        with pytest.raises(CommentariatError, match="ended at once"):
            server.api(120)
    assert "not a number" in capfd.readouterr().err


def test_a_server_asks_nothing_on_a_terminal(tmp_path: Path) -> None:
    """Each of the two variables alone makes Prefect ask."""
    typing, terminal = pty.openpty()
    ended = subprocess.run(
        [sys.executable, "-c", STARTED],
        stdin=terminal,
        capture_output=True,
        text=True,
        env=without_prefect_variables(tmp_path) | {"FORCE_COLOR": "1", "PREFECT_CLI_PROMPT": "true"},
        check=False,
    )
    os.close(typing)
    os.close(terminal)
    assert ended.stdout.startswith("http://127.0.0.1:"), ended.stderr


@pytest.mark.usefixtures("own_home")
def test_no_module_of_the_working_directory_takes_the_place_of_one_of_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("secrets", "queue", "statistics"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('this is a module of the user')\n")
    monkeypatch.chdir(tmp_path)
    port = own_port()
    with local_server(port) as api:
        assert api == f"http://127.0.0.1:{port}/api"


@pytest.mark.usefixtures("own_home")
def test_what_a_server_says_when_it_ends_at_once_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with (
        silent_port() as port,  # nobody answers there, so the port seems to be free
        pytest.raises(CommentariatError, match=r"ended at once .* its messages are above"),
        local_server(port),
    ):
        pass
    assert "already in use" in capfd.readouterr().err


def test_a_folder_in_which_the_server_cannot_write_its_database_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "prefect"
    with (
        silent_port() as port,
        pytest.raises(ConfigError, match=f"{missing}: .* in PREFECT_HOME"),
        local_server(port, writes_to=missing),
    ):
        pass


def is_healthy(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/api/health", trust_env=False).text == "true"
    except httpx.HTTPError:
        return False


def test_a_port_at_which_another_program_does_not_speak_http_is_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def greet() -> None:
            for _ in range(2):  # the question about its health, and the look whether the port is taken
                with other.accept()[0] as connection:
                    connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")

        threading.Thread(target=greet, daemon=True).start()
        port = other.getsockname()[1]
        with pytest.raises(TakenPortError, match=f"port {port} is in use"), local_server(port):
            pass
