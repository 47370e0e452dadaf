"""The server of the explorer: one process, which listens on this machine only and runs until it is interrupted."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from commentariat import InputError
from flows.explorer.answering import Asking
from flows.explorer.app import application
from flows.explorer.guard import Tokens
from flows.explorer.review import review_application
from flows.explorer.snapshots import Snapshots
from tasks.review.questions import Question

ADDRESS = "127.0.0.1"
Ready = Callable[[str, str], None]


def serve(root: Path, port: int, ready: Ready) -> None:
    """Serve the explorer until the process is interrupted.

    Parameters
    ----------
    port
        Port to listen on; 0 chooses a free one.
    ready
        Called when the server can be reached, with the address to print and with one for a program that opens a
        browser. The second lets one request in, because every user of the machine can read a browser's command line.

    Raises
    ------
    InputError
        When the port is in use.
    WarehouseError
        When nothing has been published at ``root``.
    """
    with closing(Snapshots(root)) as snapshots:
        _listen(port, ready, lambda port, tokens: application(snapshots, port=port, tokens=tokens))


def serve_review(root: Path, questions: Sequence[Question], port: int, ready: Ready) -> None:
    """Put questions to people until the process is interrupted; parameters and errors are those of :func:`serve`."""
    with closing(Snapshots(root)) as snapshots:
        asking = Asking(snapshots, questions)
        _listen(port, ready, lambda port, tokens: review_application(asking, port=port, tokens=tokens))


def _listen(port: int, ready: Ready, make: Callable[[int, Tokens], ASGIApp]) -> None:
    tokens = Tokens()
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((ADDRESS, port))
        except OSError as error:
            raise InputError(
                f"port {port} cannot be used: {error.strerror}; name another port, or none to use a free one"
            ) from error
        listening.listen(128)
        port = listening.getsockname()[1]
        config = uvicorn.Config(
            make(port, tokens),
            access_log=False,
            log_level="warning",
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        ready(*(f"http://{ADDRESS}:{port}/?token={token}" for token in (tokens.lasting, tokens.once)))
        uvicorn.Server(config).run(sockets=[listening])
