"""One page over HTTP: redirects followed by hand, each answer read with its size and time bounded."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookies import SimpleCookie
from time import perf_counter
from typing import BinaryIO, Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.client_exceptions import InvalidUrlClientError
from aiohttp.compression_utils import HAS_ZSTD
from yarl import URL

from commentariat import InputError
from tasks.fetch.addresses import AddressGuard, ConfiguredResolver, UnsafeAddressError
from tasks.fetch.media import check_declared, parse_content_type
from tasks.fetch.politeness import HostTurns
from tasks.fetch.robots import MAX_ROBOTS_BYTES, Robots
from tasks.fetch.settings import FetchSettings
from tasks.page import NotFetchedError
from tasks.urls import host_of, redirect_url

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# Answers that the same request may turn into a page later: the host is busy, or something before it is.
_TRY_LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 527, 530})
_ENCODINGS: Final = frozenset(
    {"", "identity", "gzip", "x-gzip", "deflate", "br"} | ({"zstd"} if HAS_ZSTD else set())
)
_ACCEPT: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.5"
# Long Content-Security-Policy headers are common; aiohttp's own 8 kB refuses real sites.
_MAX_HEADER_BYTES: Final = 32_768
_MAX_COOKIE_BYTES: Final = 4_096
_MAX_VALIDATOR_CHARS: Final = 1_024
_LEFT_ALONE = "{host} asks not to be visited for {seconds:.0f} s: left alone for the rest of this run"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one answer may be, as sent and unpacked, and whether it must be a page or a text."""

    max_bytes: int
    max_compressed_bytes: int
    any_type: bool = False
    cut: bool = False  # take the first max_bytes of a longer answer instead of refusing it
    timeout: aiohttp.ClientTimeout | None = None  # instead of the session's
    sink: BinaryIO | None = None  # where the body goes instead of into memory


@dataclass(slots=True)  # not frozen: that makes five times as long to build, and one is built for every page
class Answer:
    """The last answer on the way to a page; ``elapsed`` are the seconds of all requests on it."""

    status: int
    url: str
    media_type: str
    charset: str | None
    etag: str | None
    last_modified: str | None
    body: bytes
    elapsed: float = 0.0


class HttpClient:
    """Fetches over one aiohttp session, politely; every hop is checked as if it were the first.

    The session trusts no environment (no proxy, no ``.netrc``), keeps no cookies, and opens sockets only
    through :class:`~tasks.fetch.addresses.AddressGuard`.
    """

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._turns = HostTurns(
            in_all=settings.concurrency, per_host=settings.per_host_concurrency, delay_s=settings.delay_s
        )
        self._robots = Robots(settings.robot_name, self._read_robots)
        encodings = ["gzip", "deflate", "br"] + (["zstd"] if HAS_ZSTD else [])
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,  # turns bound the connections; a second queue here would eat the time-outs
                resolver=ConfiguredResolver(settings.connect_to),
                socket_factory=AddressGuard(
                    allow_loopback=settings.allow_loopback, allow_private=settings.allow_private
                ),
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
            timeout=aiohttp.ClientTimeout(
                total=settings.total_timeout_s, sock_connect=settings.connect_timeout_s
            ),
            headers={
                "User-Agent": settings.user_agent_header,
                "Accept": _ACCEPT,
                "Accept-Encoding": ", ".join(encodings),
            },
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    async def sitemaps_of(self, url: str) -> tuple[str, ...]:
        """Give the sitemaps that the robots.txt of a URL's site names."""
        return (await self._robots.rules(url)).sitemaps

    async def get(
        self, url: str, headers: Mapping[str, str], limits: Limits, *, robots: bool = True
    ) -> Answer:
        """Get a URL, following redirects.

        Raises
        ------
        NotFetchedError
            When it cannot or may not be fetched; ``elapsed`` is set.
        """
        spent = 0.0
        cookies: dict[str, SimpleCookie] = {}
        seen: set[tuple[str, str]] = set()
        for _ in range(self._settings.max_redirects + 1):
            cookie = _cookie_header(cookies, url) if cookies else ""
            if seen and (url, cookie) in seen:
                raise NotFetchedError("fetch_failed", f"redirects in a circle, back to {url}")
            seen.add((url, cookie))
            host = host_of(url)
            if robots and self._settings.respect_robots:
                await self._ask_robots(url, host)
            async with self._turns.turn(host):
                began = perf_counter()
                try:
                    sent = {**headers, "Cookie": cookie} if cookie else headers
                    step = await self._exchange(url, host, sent, limits)
                except NotFetchedError as error:
                    error.elapsed = spent + perf_counter() - began
                    raise
                spent += perf_counter() - began
            if isinstance(step, Answer):
                step.elapsed = spent
                return step
            url, set_cookie = step
            if set_cookie:
                cookies.setdefault(host, SimpleCookie()).update(set_cookie)
        raise NotFetchedError("fetch_failed", f"redirects more than {self._settings.max_redirects} times")

    async def _ask_robots(self, url: str, host: str) -> None:
        rules = await self._robots.rules(url)
        if rules.crawl_delay_s:
            self._turns.slow_down(host, min(rules.crawl_delay_s, self._settings.max_crawl_delay_s))
        rules.check(url, self._settings.robot_name)

    async def _read_robots(self, url: str) -> tuple[int, bytes]:
        limits = Limits(MAX_ROBOTS_BYTES, MAX_ROBOTS_BYTES, any_type=True, cut=True)
        try:
            answer = await self.get(url, {}, limits, robots=False)
        except NotFetchedError as error:
            if error.http_status is None:
                raise
            return error.http_status, b""
        return answer.status, answer.body

    async def _exchange(
        self, url: str, host: str, headers: Mapping[str, str], limits: Limits
    ) -> Answer | tuple[str, SimpleCookie]:
        """Send one request; give its answer, or where it redirects to and the cookies set on the way."""
        try:
            async with self._session.get(
                URL(url, encoded=True),
                headers=headers,
                allow_redirects=False,
                timeout=limits.timeout or self._session.timeout,
            ) as response:
                self._turns.note_connection(host, alive=True)
                return await self._receive(response, url, host, limits)
        except NotFetchedError:
            raise
        except InputError as error:
            raise NotFetchedError("refused", str(error)) from error
        except Exception as error:  # one bad page must not end the night, whatever a server sends
            failure = _explain(error, self._settings)
            if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
                self._turns.note_connection(host, alive=failure.outcome == "refused")
            raise failure from error

    async def _receive(
        self, response: aiohttp.ClientResponse, url: str, host: str, limits: Limits
    ) -> Answer | tuple[str, SimpleCookie]:
        if response.status in _REDIRECTS and (location := response.headers.get("Location")):
            return redirect_url(location, url), response.cookies
        if response.status not in (200, 203, 304):
            raise self._bad_status(host, response)
        return await _read(response, url, limits)

    def _bad_status(self, host: str, response: aiohttp.ClientResponse) -> NotFetchedError:
        status = response.status
        reason = f"the site answers HTTP {status}"
        if status not in _TRY_LATER:
            return NotFetchedError("fetch_failed", reason, http_status=status)
        wait = _retry_after(response.headers.get("Retry-After")) if status in (429, 503) else None
        if wait is None:
            return NotFetchedError("fetch_failed", reason, http_status=status, retry_after=0)
        if wait > self._settings.max_retry_after_s:
            reason = _LEFT_ALONE.format(host=host, seconds=wait)
            self._turns.close(host, reason)
            return NotFetchedError("fetch_failed", reason, http_status=status)
        self._turns.pause(host, wait)
        return NotFetchedError("fetch_failed", reason, http_status=status, retry_after=wait)


async def _read(response: aiohttp.ClientResponse, url: str, limits: Limits) -> Answer:
    media_type, charset = parse_content_type(response.headers.get("Content-Type"))
    body = b""
    if response.status != 304:
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            raise NotFetchedError(
                "unsupported_type", f"is packed as {encoding[:40]!r}, which we did not ask for"
            )
        if not limits.any_type:
            check_declared(media_type)
        body = await _read_body(response, limits, packed=bool(encoding))
    return Answer(
        status=response.status,
        url=url,
        media_type=media_type,
        charset=charset,
        etag=_validator(response.headers.get("ETag")),
        last_modified=_validator(response.headers.get("Last-Modified")),
        body=body,
    )


async def _read_body(response: aiohttp.ClientResponse, limits: Limits, *, packed: bool) -> bytes:
    stream = response.content
    allowed = limits.max_compressed_bytes if packed else limits.max_bytes
    if not limits.cut and (response.content_length or 0) > allowed:
        raise NotFetchedError("too_large", f"is {response.content_length:,} bytes; the limit is {allowed:,}")
    chunks: list[bytes] = []
    size = 0
    # The stream is unpacked piece by piece with back-pressure, so a bomb never exists in memory as a whole.
    while chunk := await stream.readany():
        if limits.sink is None:
            chunks.append(chunk)
        else:
            limits.sink.write(chunk)
        size += len(chunk)
        over = size > limits.max_bytes
        if over or (packed and (stream.total_compressed_bytes or 0) > limits.max_compressed_bytes):
            if limits.cut:
                break
            raise NotFetchedError(
                "too_large",
                f"is more than {limits.max_bytes:,} bytes"
                if over
                else f"is more than {limits.max_compressed_bytes:,} bytes as sent",
            )
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _explain(error: Exception, settings: FetchSettings) -> NotFetchedError:  # noqa: PLR0911 - one a cause
    """Say in plain words what went wrong on the network, and whether it may go right later."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, UnsafeAddressError):
        return NotFetchedError("refused", str(cause))
    if isinstance(error, InvalidUrlClientError | aiohttp.InvalidURL):
        return NotFetchedError("refused", f"the address is not one a page can be fetched from: {error}")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        unknown = getattr(cause, "errno", None) in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", -5))
        return NotFetchedError(
            "fetch_failed",
            f"the host name cannot be found: {_said(cause)}",
            retry_after=None if unknown else 0,
        )
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return NotFetchedError("fetch_failed", f"no secure connection: {error}")
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return NotFetchedError(
            "fetch_failed", f"no connection in {settings.connect_timeout_s:g} s", retry_after=0
        )
    if isinstance(error, TimeoutError):
        # A server that drips for the whole time will do so again; this run does not wait for it twice.
        return NotFetchedError("fetch_failed", f"not finished in {settings.total_timeout_s:g} s")
    if isinstance(error, aiohttp.ClientPayloadError):
        broken_packing = "content-encoding" in str(error).lower()
        return NotFetchedError(
            "fetch_failed",
            "the content is not packed as the site says" if broken_packing else "the answer breaks off early",
            retry_after=None if broken_packing else 0,
        )
    if isinstance(error, aiohttp.ClientResponseError):
        return NotFetchedError(
            "fetch_failed", f"the site does not answer in HTTP: {str(error.message)[:160]!r}"
        )
    if isinstance(error, aiohttp.ClientConnectionError | OSError):
        return NotFetchedError("fetch_failed", f"the connection fails: {_said(cause)}", retry_after=0)
    return NotFetchedError("fetch_failed", f"{type(error).__name__}: {str(error)[:160]}")


def _said(cause: BaseException) -> str:
    """Give the system's own words, without the numbers and addresses that Python puts around them."""
    if isinstance(cause, socket.gaierror):
        return cause.strerror or str(cause)
    if isinstance(cause, OSError) and cause.errno and cause.errno > 0:
        return os.strerror(cause.errno)
    return str(cause)[:160]


def _cookie_header(cookies: Mapping[str, SimpleCookie], url: str) -> str:
    """Give back to a host what it set on this way to a page; many sites redirect until they get it back."""
    if (jar := cookies.get(host_of(url))) is None:
        return ""
    secure = urlsplit(url).scheme == "https"
    pairs = [f"{name}={morsel.coded_value}" for name, morsel in jar.items() if secure or not morsel["secure"]]
    header = "; ".join(pairs)
    return header if len(header) <= _MAX_COOKIE_BYTES and header.isprintable() and header.isascii() else ""


def _validator(value: str | None) -> str | None:
    """Keep an ETag or date only if it can be stored and sent back as it is."""
    if value is None or len(value) > _MAX_VALIDATOR_CHARS or not (value.isascii() and value.isprintable()):
        return None
    return value


def _retry_after(value: str | None) -> float | None:
    """Read ``Retry-After``, seconds or a date (RFC 9110, 10.2.3); None where it says nothing usable."""
    if value is None:
        return None
    if (text := value.strip()).isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
