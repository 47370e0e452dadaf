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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

from commentariat import CommentariatError, ConfigError
from flows.serving.server_end import end_after_this_process
from flows.settings.server_settings import apply_prefect_settings

LOOPBACK = "127.0.0.1"
# Requests to this machine never go through a proxy, even if the environment names one.
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_PROGRAM = Path(__file__).with_name("prefect_program.py")
START_SECONDS = 240.0
STOP_SECONDS = 15.0
_LOOK_EVERY_SECONDS = 0.02
_LAST_WORDS_SECONDS = 1.0
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
    with importing_server(port) as server:
        server.go_on(writes_to)
        yield server.api(START_SECONDS)


@contextmanager
def importing_server(port: int, *, temporary: bool = False) -> Iterator["ImportingServer"]:
    """Start a process that imports the modules of a Prefect server, and ends with the block as :func:`local_server`.

    A server takes some seconds to start, and the block can do something else meanwhile.

    Parameters
    ----------
    temporary
        Whether the server is as the one that Prefect itself starts for a run without a server: without the UI, and
        without services such as the scheduler, because another server may work with the same database.

    Raises
    ------
    TakenPortError
        When another program uses the port.
    """
    api = f"http://{LOOPBACK}:{port}/api"
    if _is_healthy(api):
        yield ImportingServer(port, None)
        return
    _refuse_taken(port)
    process, watcher = _start(port, api, temporary=temporary), None
    try:
        watcher = end_after_this_process(process)
        yield ImportingServer(port, process)
    finally:
        _stop(process)
        if watcher is not None:
            watcher.kill()
            watcher.wait()


class ImportingServer:
    """A Prefect server that has written nothing yet, and goes on when it is told to.

    Parameters
    ----------
    process
        Its process; None if a server answers already.
    """

    def __init__(self, port: int, process: subprocess.Popen[bytes] | None) -> None:
        self._port = port
        self._process = process
        self._began = time.monotonic()
        self._printed: deque[bytes] = deque(maxlen=_PARTS_KEPT)
        self._listener = Thread(target=self._listen, daemon=True)
        if process is not None:
            self._listener.start()

    def go_on(self, writes_to: Path | None) -> None:
        """Let the server open its database and listen.

        Raises
        ------
        ConfigError
            When it could not write its database to the folder ``writes_to``; None if it keeps it elsewhere.
        """
        if self._process is None:
            return
        if writes_to is not None and not os.access(writes_to, os.W_OK | os.X_OK):
            raise ConfigError(
                f"{writes_to}: the Prefect server cannot write its database in this folder: create it or make it "
                "writable, or name another folder in PREFECT_HOME"
            )
        assert self._process.stdin is not None
        with suppress(BrokenPipeError), self._process.stdin as told:  # it may have ended
            told.write(b"\n")

    def api(self, seconds: float) -> str:
        """Wait until the server answers, and return the address of its API.

        Parameters
        ----------
        seconds
            Time that the server has, from its start on. It has more if this is called later.

        Raises
        ------
        LateServerError
            When it does not answer in this time.
        TakenPortError
            When another program has taken the port meanwhile.
        CommentariatError
            When it has ended.
        """
        api = f"http://{LOOPBACK}:{self._port}/api"
        if self._process is None or _becomes_healthy(self._process, api, deadline=self._began + seconds):
            return api
        _refuse_taken(self._port)
        self._listener.join(_LAST_WORDS_SECONDS)
        sys.stderr.write(b"".join(self._printed).decode(errors="replace"))
        raise CommentariatError(
            f"the Prefect server ended at once (exit code {self._process.returncode}); its messages are above. To see "
            "more: prefect server start"
        )

    def _listen(self) -> None:
        """Keep the last parts of what the server prints: only if it does not start, a person must see them."""
        assert self._process is not None and self._process.stdout is not None
        with self._process.stdout as output:
            while part := output.read(4096):
                self._printed.append(part)


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
        [sys.executable, "-P", str(_PROGRAM), *command],
        bufsize=0,  # an exit during a read must not wait for a buffer's lock
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # The server is in a session of its own: Ctrl-C must reach the runs first, and the server when they have ended.
        start_new_session=True,
    )


def _becomes_healthy(server: subprocess.Popen[bytes], api: str, *, deadline: float) -> bool:
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
