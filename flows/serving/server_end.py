"""The servers that a command starts end with it, even if it is killed or its terminal is closed."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

_PROGRAM = Path(__file__).with_name("end_after_parent.py")
_OF_TEMPORARY_SERVERS: list[subprocess.Popen[bytes]] = []


def end_after_this_process(server: subprocess.Popen[Any]) -> subprocess.Popen[bytes]:
    """Start a small process that ends a server after this process is gone; it ends itself when the server has ended.

    It is in a session of its own and has no terminal, so that what ends this process does not end it.
    """
    # -I and -S: no variable and no folder of the user decides what it imports, and it starts at once. It keeps no
    # folder busy and no pipe open.
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-I", "-S", str(_PROGRAM), str(os.getpid()), str(server.pid)],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@cache
def end_temporary_servers_too() -> None:
    """Make the servers that Prefect starts for runs without PREFECT_API_URL end with this process in any case.

    Prefect ends them only in an ordinary exit of Python, and so not after a SIGTERM. It has no public hook for the
    start of such a server. A release of Prefect without the private method that is changed here ends them as before.
    """
    from prefect.server.api.server import (  # noqa: PLC0415 - takes long, and a run with a server does not need it
        SubprocessASGIServer,
    )

    start = getattr(SubprocessASGIServer, "_run_uvicorn_command", None)
    if start is None:
        return

    def start_and_end_later(self: SubprocessASGIServer) -> subprocess.Popen[Any]:
        server: subprocess.Popen[Any] = start(self)
        _OF_TEMPORARY_SERVERS.append(end_after_this_process(server))
        return server

    SubprocessASGIServer._run_uvicorn_command = start_and_end_later  # type: ignore[method-assign]
