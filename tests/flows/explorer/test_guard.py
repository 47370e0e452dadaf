"""The clients that the explorer lets in, and the actions that its pages allow."""

import os
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from flows.explorer.app import application
from flows.explorer.guard import Tokens
from flows.explorer.snapshots import Snapshots
from tests.flows.explorer.conftest import RunningServer, started


def test_the_token_in_the_address_becomes_a_cookie_and_leaves_the_address(explorer: RunningServer) -> None:
    answer = explorer.ask(f"/?stance=favor&token={explorer.token}&words=a+b", cookie=False)
    assert (answer.status, answer.headers["location"]) == (303, "/?stance=favor&words=a+b")
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/"))


@pytest.mark.parametrize(
    "path", ["/", "/?token=", "/?token=wrong", "/article/x", "/download/articles.csv", "/snapshot"]
)
def test_without_the_token_nothing_is_shown(explorer: RunningServer, path: str) -> None:
    answer = explorer.ask(path, cookie=False)
    assert answer.status == 403 and "commentariat explore" in answer.text
    assert "Piece" not in answer.text and str(explorer.warehouse) not in answer.text


def test_a_cookie_of_another_server_does_not_let_anybody_in(explorer: RunningServer) -> None:
    assert explorer.ask("/", cookie=False, Cookie=f"commentariat_1={explorer.token}").status == 403


@pytest.mark.parametrize("name", ["attacker.example", "127.0.0.1", "127.0.0.1:1", "[::1]:80", ""])
def test_a_foreign_host_name_that_resolves_to_this_machine_is_refused(
    explorer: RunningServer, name: str
) -> None:
    assert explorer.ask("/", Host=name).status == 421


def test_localhost_is_this_server_too(explorer: RunningServer) -> None:
    assert explorer.ask("/", Host=f"localhost:{explorer.port}").status == 200


@pytest.mark.parametrize("origin", ["http://attacker.example", "null", "http://127.0.0.1:1"])
def test_another_site_is_refused(explorer: RunningServer, origin: str) -> None:
    assert explorer.ask("/", Origin=origin).status == 403


def test_only_pages_of_the_explorer_may_send_a_form(explorer: RunningServer) -> None:
    assert explorer.ask("/", method="POST").status == 403
    assert explorer.ask("/", method="POST", Origin=f"http://127.0.0.1:{explorer.port}").status == 405


@pytest.mark.parametrize("path", ["/", "/nowhere", "/?since=never", "/static/explorer.css"])
def test_every_answer_has_headers_that_allow_only_its_own_content(explorer: RunningServer, path: str) -> None:
    headers = explorer.ask(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "http" not in policy
    assert "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
    assert "server" not in headers


def test_an_address_that_names_another_host_is_not_followed(explorer: RunningServer) -> None:
    answer = explorer.ask(f"//attacker.example/?token={explorer.token}", cookie=False)
    assert not answer.headers.get("location", "").startswith("//")


@pytest.mark.parametrize(
    ("host", "status"), [("127.0.0.1", 303), ("localhost", 303), ("attacker.example", 421)]
)
def test_at_the_usual_port_browsers_leave_it_out_of_the_host(
    explorer: RunningServer, host: str, status: int
) -> None:
    tokens = Tokens()
    app = application(Snapshots(explorer.warehouse), port=80, tokens=tokens)
    client = TestClient(app, base_url=f"http://{host}", follow_redirects=False)
    assert client.get(f"/?token={tokens.lasting}").status_code == status


def test_a_program_that_looks_at_the_address_first_does_not_use_up_its_token(explorer: RunningServer) -> None:
    tokens = Tokens()
    app = application(Snapshots(explorer.warehouse), port=81, tokens=tokens)
    client = TestClient(app, base_url="http://127.0.0.1:81", follow_redirects=False)
    path = f"/?token={tokens.once}"
    assert client.head(path).status_code == 403
    assert client.get(path).status_code == 303
    client.cookies.clear()
    assert client.get(path).status_code == 403


def test_the_address_on_the_command_line_of_a_browser_lets_one_request_in(
    explorer: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every user of the machine can read it there."""
    opened = tmp_path / "opened"
    for name in ("xdg-open", "open"):  # on Linux, and on macOS
        opener = tmp_path / name
        opener.write_text(f'#!/bin/sh\necho "$@" > {opened}.new && mv {opened}.new {opened}\n')
        opener.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with started(explorer.warehouse, "explore", "--open") as server:
        end = time.monotonic() + 60
        while not opened.exists() and time.monotonic() < end:
            time.sleep(0.05)
        address = urlsplit(opened.read_text().strip())
        assert server.token and server.token not in address.query
        path = f"/?{address.query}"
        first = server.ask(path, cookie=False)
        assert first.status == 303 and server.token in first.headers["set-cookie"]
        assert server.ask(path, cookie=False).status == 403
        assert server.ask(path).status == 303, "the browser that was let in may open it again"
        assert server.ask(f"/?token={server.token}", cookie=False).status == 303
