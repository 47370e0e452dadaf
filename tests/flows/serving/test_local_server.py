"""A server on this machine is found, even if the environment names a proxy."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from flows.serving.local_server import free_port, local_server
from flows.settings.server_settings import apply_prefect_settings

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


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
def behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    nobody = f"http://127.0.0.1:{free_port()}"
    for name in ("http_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, nobody)


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
