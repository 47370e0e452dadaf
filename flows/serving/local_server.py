"""A Prefect server on loopback that runs for as long as a command needs it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from commentariat import CommentariatError
from flows.serving.server_end import end_after_this_process
from flows.settings.server_settings import apply_prefect_settings

LOOPBACK = "127.0.0.1"
# Requests to this machine never go through a proxy, even if the environment names one.
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
START_SECONDS = 240.0
STOP_SECONDS = 15.0
_LOOK_EVERY_SECONDS = 0.1


class LateServerError(CommentariatError):
    """A Prefect server did not answer within the time that it had for its start."""


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
    with starting_server(port) as answering:
        yield answering()


@contextmanager
def starting_server(
    port: int, *, seconds: float = START_SECONDS, temporary: bool = False
) -> Iterator[Callable[[], str]]:
    """Start a Prefect server as :func:`local_server` does, without waiting for it.

    A server takes some seconds to start, and the block can do something else meanwhile.

    Parameters
    ----------
    seconds
        Time that the server has for its start.
    temporary
        Whether the server is as the one that Prefect itself starts for a run without a server: without the UI, and
        without services such as the scheduler, because another server may work with the same database.

    Yields
    ------
    Callable
        A function that waits until the server answers, and returns the address of its API.
    """
    api = f"http://{LOOPBACK}:{port}/api"
    if _is_healthy(api):
        yield lambda: api
        return
    if _is_taken(port):
        raise CommentariatError(f"port {port} is in use by something else; choose another with --port")
    server, watcher = _start(port, api, temporary=temporary), None
    deadline = time.monotonic() + seconds

    def answering() -> str:
        _wait_until_healthy(server, api, deadline)
        return api

    try:
        watcher = end_after_this_process(server)
        yield answering
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


def _start(port: int, api: str, *, temporary: bool) -> subprocess.Popen[bytes]:
    environment = dict(os.environ)
    apply_prefect_settings(environment)
    # A server whose environment names the API of another server would send its requests there.
    for name in ("PREFECT_API_URL", "PREFECT_UI_URL", "PREFECT_UI_API_URL"):
        environment.pop(name, None)
    # The UI in the browser sends its requests to this address. Without the variable, it would use the address of a
    # default server, whatever the port is.
    environment["PREFECT_SERVER_UI_API_URL"] = api
    environment.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "WARNING")
    if temporary:
        environment |= {"PREFECT__SERVER_EPHEMERAL": "1", "PREFECT_UI_ENABLED": "0"}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", LOOPBACK, "--port", str(port)]
    # The server is in a session of its own: Ctrl-C must reach the runs first, and the server when they have ended.
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our own interpreter


def _wait_until_healthy(server: subprocess.Popen[bytes], api: str, deadline: float) -> None:
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise CommentariatError(
                f"the Prefect server ended at once (exit code {server.returncode}); its messages are above. To see "
                "more: prefect server start"
            )
        if _is_healthy(api):
            return
        time.sleep(_LOOK_EVERY_SECONDS)
    raise LateServerError(f"the Prefect server did not start in time: it does not answer at {api}")


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
