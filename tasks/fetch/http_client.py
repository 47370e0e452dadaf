"""One page over HTTP: robots.txt, turns at each host, redirects, and further attempts that may succeed."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookies import SimpleCookie
from time import perf_counter
from typing import Final, NamedTuple, NoReturn
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from commentariat import InputError
from tasks.addresses.urls import host_of, redirect_url
from tasks.attempts import attempts
from tasks.fetch.addresses import AddressGuard, ConfiguredResolver
from tasks.fetch.failures import explain
from tasks.fetch.politeness import Host, HostTurns
from tasks.fetch.response import Limits, NotKeptError, Response, read_response
from tasks.fetch.robots import MAX_ROBOTS_BYTES, Robots
from tasks.fetch.settings import FetchSettings
from tasks.fetch.unpack import ENCODINGS
from tasks.page import NotFetchedError
from tasks.text.dates import in_utc

_TEMPORARY_REDIRECTS: Final = frozenset({302, 303, 307})
_REDIRECTS: Final = frozenset({301, 308}) | _TEMPORARY_REDIRECTS
# Answers after which the same request may succeed later: the host, or a proxy in front of it, is busy.
_TRY_LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 527, 530})
_ACCEPT: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.5"
# Answers by which a host says that it gets too many requests; ``Retry-After`` counts with these only.
_BUSY: Final = frozenset({429, 503})
# Long Content-Security-Policy headers are common; aiohttp's own 8 kB refuses real sites.
_MAX_HEADER_BYTES: Final = 32_768
_MAX_COOKIE_BYTES: Final = 4_096
# Of an address to which a site redirects, in a reason for people.
_MOST_SHOWN_CHARS: Final = 300
_LEFT_ALONE = "{host} asks not to be visited for {seconds:.0f} s: left alone for the rest of this run"


class _Redirect(NamedTuple):
    """The address to which an answer leads, with the cookies that it sets."""

    url: str
    cookies: SimpleCookie
    is_temporary: bool


class HttpClient:
    """Fetches over one aiohttp session, politely; every redirect is checked like a first request.

    The session uses no settings of the environment (no proxy, no ``.netrc``), keeps no cookies, and opens sockets only
    through :class:`~tasks.fetch.addresses.AddressGuard`.

    Attributes
    ----------
    under_way
        The asyncio tasks whose request a server has received; all others wait for a turn or for another attempt.
    """

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self.under_way: set[asyncio.Task[object] | None] = set()
        self._turns = HostTurns(
            in_all=settings.concurrency, per_host=settings.per_host_concurrency, delay_s=settings.delay_s
        )
        self._robots = Robots(settings.robot_name, self._read_robots)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,  # turns limit the connections; waiting in a second queue here would use up the time-outs
                resolver=ConfiguredResolver(settings.connect_to),
                socket_factory=AddressGuard(
                    allow_loopback=settings.allow_loopback, allow_private=settings.allow_private
                ),
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,  # tasks.fetch.unpack detects a packed body that ends early
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
            timeout=aiohttp.ClientTimeout(
                total=settings.total_timeout_s, sock_connect=settings.connect_timeout_s
            ),
            headers={
                "User-Agent": settings.user_agent_header,
                "Accept": _ACCEPT,
                "Accept-Encoding": ", ".join(ENCODINGS),
            },
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    async def sitemaps_of(self, url: str) -> tuple[str, ...]:
        """Give the sitemaps that are named in the robots.txt of a URL's site."""
        return (await self._robots.rules(url)).sitemaps

    async def get(
        self, url: str, headers: Mapping[str, str], limits: Limits, *, robots: bool = True
    ) -> Response:
        """Get a URL, following redirects; requests that may succeed later are tried again.

        Raises
        ------
        NotFetchedError
            When it cannot or may not be fetched; ``elapsed`` is set.
        OSError
            When the sink of `limits` does not take it.
        """
        # Nearly every page needs only one attempt, so that it is spared the cost of the loop for further ones.
        try:
            return await self._attempt(url, headers, limits, robots=robots)
        except NotFetchedError as error:
            first = error
        try:
            async for attempt in attempts(self._settings.retries + 1, _wait_before_retry):
                with attempt:
                    # The failed attempt counts as the first, so that the pause after it is that of a first one.
                    if attempt.retry_state.attempt_number == 1:
                        raise first
                    if limits.sink is not None:
                        limits.sink.seek(0)
                        limits.sink.truncate()
                    return await self._attempt(url, headers, limits, robots=robots)
        except NotFetchedError as error:
            if error.outcome == "postponed":  # the host was closed after this page had been requested
                raise first from error
            raise
        raise first

    async def _attempt(
        self, url: str, headers: Mapping[str, str], limits: Limits, *, robots: bool
    ) -> Response:
        spent = 0.0
        cookies: dict[str, SimpleCookie] = {}
        cookie = ""
        seen = [(url, cookie)]
        redirected_for_now = False
        for _ in range(self._settings.max_redirects + 1):
            host = self._turns.host(host_of(url))
            if robots and self._settings.respect_robots:
                rules = self._robots.known(url) or await self._robots.rules(url)
                if rules.crawl_delay_s:
                    longest = self._settings.max_crawl_delay_s
                    host.slow_down(min(rules.crawl_delay_s, longest))
                rules.check(url)
            await self._turns.begin(host)
            began = perf_counter()
            self.under_way.add(task := asyncio.current_task())
            try:
                sent = {**headers, "Cookie": cookie} if cookie else headers
                step = await self._exchange(url, host, sent, limits)
            except NotFetchedError as error:
                error.elapsed = spent + perf_counter() - began
                raise
            finally:
                self.under_way.discard(task)
                self._turns.end(host)
            spent += perf_counter() - began
            if isinstance(step, Response):
                step.elapsed, step.redirected_for_now = spent, redirected_for_now
                return step
            url, redirected_for_now = step.url, redirected_for_now or step.is_temporary
            if step.cookies:
                cookies.setdefault(host.name, SimpleCookie()).update(step.cookies)
            cookie = _cookie_header(cookies, url) if cookies else ""
            if (url, cookie) in seen:
                raise NotFetchedError(
                    "fetch_failed", f"redirects in a circle, back to {url[:_MOST_SHOWN_CHARS]}"
                )
            seen.append((url, cookie))
        raise NotFetchedError("fetch_failed", f"redirects more than {self._settings.max_redirects} times")

    async def _read_robots(self, url: str) -> tuple[int, bytes]:
        limits = Limits(MAX_ROBOTS_BYTES, MAX_ROBOTS_BYTES, any_type=True, cut=True)
        try:
            response = await self.get(url, {}, limits, robots=False)
        except NotFetchedError as error:
            closed = self._turns.host(host_of(url)).closed
            if closed is not None and closed.outcome == "postponed" and error.outcome != "refused":
                raise NotFetchedError(closed.outcome, str(closed)) from error
            if error.http_status is None:
                raise
            return error.http_status, b""
        return response.status, response.body

    async def _exchange(
        self, url: str, host: Host, headers: Mapping[str, str], limits: Limits
    ) -> Response | _Redirect:
        """Send one request; give its response, or the redirect with which it was answered."""
        timeout = limits.timeout or self._session.timeout
        try:
            async with self._session.get(
                URL(url, encoded=True), headers=headers, allow_redirects=False, timeout=timeout
            ) as response:
                host.note_connection(alive=True)
                status = response.status
                if status not in _BUSY:
                    host.note_not_busy()
                if status in _REDIRECTS and (location := response.headers.get("Location")):
                    there = redirect_url(location, url)
                    return _Redirect(there, response.cookies, status in _TEMPORARY_REDIRECTS)
                if status not in (200, 203, 304):
                    self._refuse_status(host, response)
                return await read_response(response, url, limits)
        except (NotFetchedError, NotKeptError):
            raise
        except InputError as error:
            raise NotFetchedError("refused", str(error)) from error
        except Exception as error:  # one bad page must not end the night, whatever a server sends
            failure = explain(error, self._settings, timeout.total)
            if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
                host.note_connection(alive=failure.outcome == "refused")
            raise failure from error

    def _refuse_status(self, host: Host, response: aiohttp.ClientResponse) -> NoReturn:
        status = response.status
        reason = f"the site answers HTTP {status}"
        if status not in _TRY_LATER:
            raise NotFetchedError("fetch_failed", reason, http_status=status)
        if status not in _BUSY:
            raise NotFetchedError("fetch_failed", reason, http_status=status, retry_after=0)
        wait, longest = retry_after_of(response.headers.get("Retry-After")), self._settings.max_retry_after_s
        if wait is not None and wait > longest:
            reason = _LEFT_ALONE.format(host=host.name, seconds=wait)
            host.close("postponed", reason)
            raise NotFetchedError("fetch_failed", reason, http_status=status)
        host.note_busy(wait, longest_s=longest, may_be_the_page=status == 503)
        raise NotFetchedError("fetch_failed", reason, http_status=status, retry_after=wait or 0)


def _cookie_header(cookies: Mapping[str, SimpleCookie], url: str) -> str:
    """Make a header of the cookies that this host set during the redirects; many sites redirect until they get them."""
    if (jar := cookies.get(host_of(url))) is None:
        return ""
    secure = urlsplit(url).scheme == "https"
    pairs = [f"{name}={morsel.coded_value}" for name, morsel in jar.items() if secure or not morsel["secure"]]
    header = "; ".join(pairs)
    return header if len(header) <= _MAX_COOKIE_BYTES and header.isprintable() and header.isascii() else ""


def _wait_before_retry(error: BaseException) -> bool | float:
    """Say whether to try again: never, after the usual wait, or after the time that the host asked for."""
    if not isinstance(error, NotFetchedError) or error.retry_after is None:
        return False
    return error.retry_after or True


def retry_after_of(value: str | None) -> float | None:
    """Read ``Retry-After``, seconds or a date (RFC 9110, 10.2.3); None if the value cannot be used."""
    if value is None:
        return None
    if (text := value.strip()).isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = in_utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError):  # a year of twenty digits
        return None
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
