"""Makes every application of the explorer: its routes, which the guard protects, and pages that show errors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from commentariat import CommentariatError, InputError
from flows.explorer.article_page import NotStoredError
from flows.explorer.guard import Guard, Tokens
from flows.explorer.pages import HERE, STATIC, page

_LONGEST_FORM = 100_000
_ERRORS: dict[type[CommentariatError], tuple[int, str]] = {
    NotStoredError: (404, "Not stored"),
    InputError: (400, "This cannot be shown"),
    CommentariatError: (503, "The warehouse does not answer"),
}


def guarded(
    routes: Sequence[BaseRoute],
    *,
    port: int,
    tokens: Tokens,
    command: str,
    home: str,
    **state: Any,  # noqa: ANN401 - as Starlette keeps it
) -> ASGIApp:
    """Make an application; the guard protects all pages, also those about errors.

    Parameters
    ----------
    command
        The command that starts the application and prints its address.
    home
        The text of a link to the page at ``/``.
    state
        The objects from which the pages are made; they are in ``request.app.state``.
    """
    app = Starlette(
        routes=[*routes, Route("/static/{name}", _static)],
        exception_handlers={CommentariatError: _known_error, HTTPException: _no_page, Exception: _failed},
    )
    for name, value in {"home": home, **state}.items():
        setattr(app.state, name, value)
    return Guard(app, port=port, tokens=tokens, command=command, refuse=_refused)


async def form_items(request: Request) -> list[tuple[str, str]]:
    """Read the fields of a form in their order.

    Raises
    ------
    InputError
        When the request is longer than any form of ours.
    """
    if int(request.headers.get("content-length", _LONGEST_FORM)) >= _LONGEST_FORM:
        raise InputError("this request is longer than any form of this program")
    return parse_qsl((await request.body()).decode("utf-8", "replace"))


def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        raise HTTPException(404)
    return Response(_file(name), media_type=STATIC[name])


@cache
def _file(name: str) -> bytes:
    return (HERE / "static" / name).read_bytes()


def _refused(_request: Request, status: int, message: str) -> Response:
    return page("problem.html", status=status, title="Not let in", message=message, home=None)


async def _known_error(request: Request, error: Exception) -> Response:
    status, title = next(
        status_and_title for kind, status_and_title in _ERRORS.items() if isinstance(error, kind)
    )
    return _problem(request, status, title, str(error))


async def _no_page(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    message = "There is no such page." if status == 404 else "This cannot be done at this address."
    return _problem(request, status, "No such page", message)


async def _failed(request: Request, _error: Exception) -> Response:
    message = "The page could not be made because of a fault of this program. Its terminal shows the details."
    return _problem(request, 500, "A fault", message)


def _problem(request: Request, status: int, title: str, message: str) -> Response:
    return page("problem.html", status=status, title=title, message=message, home=request.app.state.home)
