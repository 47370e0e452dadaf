"""A Prefect server on loopback that runs for as long as a command needs it."""

import http.client
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from commentariat import CommentariatError, ConfigError
from flows.serving.server_end import end_after_this_process
from flows.settings.server_settings import apply_prefect_settings

LOOPBACK = "127.0.0.1"
# Requests to this machine never go through a proxy, even if the environment names one.
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
START_SECONDS = 240.0
STOP_SECONDS = 15.0
_LOOK_EVERY_SECONDS = 0.1
_PARTS_KEPT = 40


class LateServerError(CommentariatError):
    """A Prefect server did not answer within the time that it had for its start."""


class TakenPortError(CommentariatError):
    """Another program listens on the port of a Prefect server."""


@contextmanager
def local_server(port: int, *, writes_to: Path | None = None) -> Iterator[str]:
    """Run a Prefect server on loopback and give the address of its API; it ends with the block.

    It ends also if this process is killed in the block. A Prefect server that already listens on the port is used, and
    left running.

    Raises
    ------
    CommentariatError
        When another program uses the port, or the server does not start.
    ConfigError
        When the server could not write its database to the folder ``writes_to``.
    """
    with starting_server(port, writes_to=writes_to) as answering:
        yield answering()


@contextmanager
def starting_server(
    port: int, *, seconds: float = START_SECONDS, temporary: bool = False, writes_to: Path | None = None
) -> Iterator[Callable[[], str]]:
    """Start a Prefect server as :func:`local_server` does, without waiting for it.

    A server takes some seconds to start, and the block can do something else meanwhile.

    Parameters
    ----------
    seconds
        Time that the server has for its start. It has more if the block asks for the address later.
    temporary
        Whether the server is as the one that Prefect itself starts for a run without a server: without the UI, and
        without services such as the scheduler, because another server may work with the same database.
    writes_to
        Folder in which the server will keep its database; None if it keeps it elsewhere.

    Yields
    ------
    Callable
        A function that waits until the server answers, and returns the address of its API. It raises TakenPortError if
        another program has taken the port meanwhile.
    """
    api = f"http://{LOOPBACK}:{port}/api"
    if _is_healthy(api):
        yield lambda: api
        return
    _refuse_taken(port)
    if writes_to is not None and not os.access(writes_to, os.W_OK | os.X_OK):
        raise ConfigError(
            f"{writes_to}: the Prefect server cannot write its database in this folder: create it or make it writable, "
            "or name another folder in PREFECT_HOME"
        )
    server, watcher = _start(port, api, temporary=temporary), None
    deadline = time.monotonic() + seconds
    printed: deque[bytes] = deque(maxlen=_PARTS_KEPT)
    listener = Thread(target=_listen, args=(server, printed), daemon=True)
    listener.start()

    def answering() -> str:
        if _becomes_healthy(server, api, deadline):
            return api
        _refuse_taken(port)
        listener.join(_LOOK_EVERY_SECONDS)
        sys.stderr.write(b"".join(printed).decode(errors="replace"))
        raise CommentariatError(
            f"the Prefect server ended at once (exit code {server.returncode}); its messages are above. To see "
            "more: prefect server start"
        )

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
    # With FORCE_COLOR and the like, it would ask questions that nobody sees, and wait for the answers.
    environment["PREFECT_CLI_PROMPT"] = "false"
    if temporary:
        environment |= {"PREFECT__SERVER_EPHEMERAL": "1", "PREFECT_UI_ENABLED": "0"}
    command = ["server", "start", "--host", LOOPBACK, "--port", str(port)]
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        # -P: no module of the working directory takes the place of one that the server imports.
        [sys.executable, "-P", "-m", "prefect", *command],
        bufsize=0,  # an exit during a read must not wait for a buffer's lock
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        # The server is in a session of its own: Ctrl-C must reach the runs first, and the server when they have ended.
        start_new_session=True,
    )


def _listen(server: subprocess.Popen[bytes], printed: deque[bytes]) -> None:
    """Keep the last parts of what the server prints: only if it does not start, a person must see them."""
    assert server.stdout is not None
    with server.stdout as output:
        while part := output.read(4096):
            printed.append(part)


def _becomes_healthy(server: subprocess.Popen[bytes], api: str, deadline: float) -> bool:
    """Wait until the server answers, or give False if it has ended; look once even if the time is over."""
    while server.poll() is None:
        if _is_healthy(api):
            return True
        if time.monotonic() >= deadline:
            raise LateServerError(f"the Prefect server did not start in time: it does not answer at {api}")
        time.sleep(_LOOK_EVERY_SECONDS)
    return False


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
    except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError):
        return False


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.settimeout(1)
        is_taken = probe.connect_ex((LOOPBACK, port)) == 0
    if is_taken:
        raise TakenPortError(f"port {port} is in use by something else; choose another with --port")
