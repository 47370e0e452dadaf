"""A Prefect server on loopback that runs for as long as a command needs it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from commentariat import CommentariatError
from flows.serving.server_end import end_after_this_process
from flows.settings.server_settings import apply_prefect_settings

LOOPBACK = "127.0.0.1"
# Requests to this machine never go through a proxy, even if the environment names one.
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
START_SECONDS = 240.0
STOP_SECONDS = 15.0


@contextmanager
def local_server(port: int) -> Iterator[str]:
    """Run a Prefect server on loopback and give the address of its API; it ends with the block.

    It ends also if this process is killed in the block. A Prefect server that already listens on the port is used, and
    left running.

    Raises
    ------
    CommentariatError
        When another program uses the port, or the server does not start.
    """
    api = f"http://{LOOPBACK}:{port}/api"
    if _is_healthy(api):
        yield api
        return
    if _is_taken(port):
        raise CommentariatError(f"port {port} is in use by something else; choose another with --port")
    server, watcher = _start(port, api), None
    try:
        watcher = end_after_this_process(server)
        _wait_until_healthy(server, api)
        yield api
    finally:
        _stop(server)
        if watcher is not None:
            watcher.kill()
            watcher.wait()


def free_port() -> int:
    """Find a loopback port on which no program listens."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _start(port: int, api: str) -> subprocess.Popen[bytes]:
    environment = dict(os.environ)
    apply_prefect_settings(environment)
    # A server whose environment names the API of another server would send its requests there.
    for name in ("PREFECT_API_URL", "PREFECT_UI_URL", "PREFECT_UI_API_URL"):
        environment.pop(name, None)
    # The UI in the browser sends its requests to this address. Without the variable, it would use the address of a
    # default server, whatever the port is.
    environment["PREFECT_SERVER_UI_API_URL"] = api
    environment.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "WARNING")
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", LOOPBACK, "--port", str(port)]
    # The server is in a session of its own: Ctrl-C must reach the runs first, and the server when they have ended.
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our own interpreter


def _wait_until_healthy(server: subprocess.Popen[bytes], api: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise CommentariatError(
                f"the Prefect server ended at once (exit code {server.returncode}); its messages are above. To see "
                "more: prefect server start"
            )
        if _is_healthy(api):
            return
        time.sleep(0.25)
    raise CommentariatError(f"the Prefect server did not answer at {api} within {START_SECONDS:.0f} seconds")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _is_healthy(api: str) -> bool:
    try:
        with _DIRECTLY.open(f"{api}/health", timeout=2) as answer:
            return bool(answer.read().strip() == b"true")
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0
