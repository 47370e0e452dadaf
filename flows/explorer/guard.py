"""Access control: a request must come from a browser that has the token, and not from another site in that browser.

A server on loopback can be reached by every page that is open in the same browser, and by every user of the machine.
Therefore each request must name this server as its host (any other name that leads here is refused), must not come from
another site, and must have the token, at first in the address and then in a cookie.

One neighbour it does not keep out: browsers send a cookie to every port of a host, so another user's server on loopback
receives the token when a page of it is opened in the same browser (docs/howto/explore.md says what to do). Only pages
below a secret path would prevent this, and then no bookmark would survive a restart.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": browsers would then send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Refusal = Callable[[Request, int, str], Response]


class Tokens:
    """The secrets of one start of a server: ``lasting`` for the terminal, and ``once``, which lets one request in.

    The address of a browser that a program opens is on a command line, which every user of the machine can read.
    """

    def __init__(self) -> None:
        self.lasting, self.once = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self._is_used = False

    def is_lasting(self, given: str) -> bool:
        """Say whether this is the token of the terminal, which is also that of a browser that was let in."""
        return _is_same(given, self.lasting)

    def let_in(self, given: str, *, method: str) -> bool:
        """Say whether a token in an address lets a browser in, and use it up if it is valid once.

        The token that is valid once is for the request that opens the page: another one, such as the HEAD of a program
        that looks at the address first, would use it up before the browser comes.
        """
        if self.is_lasting(given):
            return True
        if method != "GET" or self._is_used or not _is_same(given, self.once):
            return False
        self._is_used = True
        return True


def _is_same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode())


class Guard:
    """Middleware that accepts requests with the token, and adds headers that isolate a page from other sites."""

    def __init__(self, app: ASGIApp, *, port: int, tokens: Tokens, command: str, refuse: Refusal) -> None:
        self._app, self._tokens, self._command, self._refuse = app, tokens, command, refuse
        self._cookie = f"commentariat_{port}"
        names = ("127.0.0.1", "localhost")
        self._hosts = {f"{name}:{port}" for name in names}
        if port == 80:  # browsers leave out the usual port of http
            self._hosts.update(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it to the application."""
        if scope["type"] != "http":
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        answer: ASGIApp = self._answer(request) or self._app
        await answer(scope, receive, send_guarded)

    def _answer(self, request: Request) -> Response | None:
        """Refuse a request, or accept its token; None if the request may pass."""
        host = request.headers.get("host", "")
        if host not in self._hosts:
            return self._refuse(request, 421, "This server answers on 127.0.0.1 under its own address only.")
        origin = request.headers.get("origin")
        looks = request.method in ("GET", "HEAD")
        if origin != f"http://{host}" and (origin is not None or not looks):
            return self._refuse(request, 403, "This request comes from another site. Open the page itself.")
        given, known = (
            request.query_params.get("token"),
            self._tokens.is_lasting(request.cookies.get(self._cookie, "")),
        )
        if given is not None and (known or self._tokens.let_in(given, method=request.method)):
            return self._let_in(request)
        if known or request.url.path.startswith("/static/"):
            return None
        reason = (
            "The address lacks its token."
            if given is None
            else "The token in the address is not the right one."
        )
        return self._refuse(
            request,
            403,
            f"{reason} Open the one that `{self._command}` has printed; each start has a new one.",
        )

    def _let_in(self, request: Request) -> Response:
        """Remove the token from the address, with which it would be copied, and keep it in a cookie."""
        rest = [item for item in parse_qsl(request.url.query, keep_blank_values=True) if item[0] != "token"]
        # Never an address that begins with //, which names another host.
        path = "/" + request.url.path.lstrip("/")
        answer = RedirectResponse(f"{path}?{urlencode(rest)}" if rest else path, status_code=303)
        answer.set_cookie(self._cookie, self._tokens.lasting, httponly=True, samesite="strict", path="/")
        return answer
