"""The server: one process, which listens on this machine only and runs until it is interrupted."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from commentariat import InputError
from flows.explorer.answering import Asking
from flows.explorer.app import application
from flows.explorer.review import review_application
from flows.explorer.snapshots import Snapshots
from tasks.review.questions import Question

ADDRESS = "127.0.0.1"


def serve(root: Path, port: int, ready: Callable[[str], None]) -> None:
    """Serve the explorer until the process is interrupted.

    Parameters
    ----------
    port
        Port to listen on; 0 chooses a free one.
    ready
        Called with the address to open, once it can be opened.

    Raises
    ------
    InputError
        When the port is in use.
    WarehouseError
        When nothing has been published at ``root``.
    """
    with closing(Snapshots(root)) as snapshots:
        _listen(port, ready, lambda port, token: application(snapshots, port=port, token=token))


def serve_review(root: Path, questions: Sequence[Question], port: int, ready: Callable[[str], None]) -> None:
    """Put questions to people until the process is interrupted; parameters and errors are those of :func:`serve`."""
    with closing(Snapshots(root)) as snapshots:
        asking = Asking(snapshots, questions)
        _listen(port, ready, lambda port, token: review_application(asking, port=port, token=token))


def _listen(port: int, ready: Callable[[str], None], make: Callable[[int, str], ASGIApp]) -> None:
    token = secrets.token_urlsafe(32)
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
            make(port, token),
            access_log=False,
            log_level="warning",
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        ready(f"http://{ADDRESS}:{port}/?token={token}")
        uvicorn.Server(config).run(sockets=[listening])
