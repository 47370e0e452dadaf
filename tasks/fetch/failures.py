"""Errors of the network, explained in plain words."""

import os
import socket

import aiohttp
from aiohttp.client_exceptions import InvalidUrlClientError

from tasks.fetch.addresses import UnsafeAddressError
from tasks.fetch.settings import FetchSettings
from tasks.page import NotFetchedError


def explain(error: Exception, settings: FetchSettings, seconds: float | None) -> NotFetchedError:  # noqa: PLR0911 - one a cause
    """Explain in plain words what went wrong on the network, and whether another attempt may succeed.

    ``seconds`` is the time limit of the whole request.
    """
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, UnsafeAddressError):
        return NotFetchedError("refused", str(cause))
    if isinstance(error, InvalidUrlClientError | aiohttp.InvalidURL):
        return NotFetchedError("refused", f"the address is not one a page can be fetched from: {error}")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        unknown = getattr(cause, "errno", None) in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", -5))
        return NotFetchedError(
            "fetch_failed",
            f"the host name cannot be found: {_system_message(cause)}",
            retry_after=None if unknown else 0,
        )
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return NotFetchedError("fetch_failed", f"no secure connection: {error}")
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return NotFetchedError(
            "fetch_failed", f"no connection in {settings.connect_timeout_s:g} s", retry_after=0
        )
    if isinstance(error, aiohttp.SocketTimeoutError):
        return NotFetchedError("fetch_failed", f"nothing came for {settings.total_timeout_s:g} s")
    if isinstance(error, TimeoutError):
        # A server that sent bytes slowly for the whole time will do so again; this run does not wait for it twice.
        return NotFetchedError("fetch_failed", f"not finished in {seconds or settings.total_timeout_s:g} s")
    if isinstance(error, aiohttp.ClientPayloadError):
        return NotFetchedError("fetch_failed", "the answer breaks off early", retry_after=0)
    if isinstance(error, aiohttp.ClientResponseError):
        return NotFetchedError(
            "fetch_failed", f"the site does not answer in HTTP: {str(error.message)[:160]!r}"
        )
    if isinstance(error, aiohttp.ClientConnectionError | OSError):
        return NotFetchedError(
            "fetch_failed", f"the connection fails: {_system_message(cause)}", retry_after=0
        )
    return NotFetchedError("fetch_failed", f"{type(error).__name__}: {str(error)[:160]}")


def _system_message(cause: BaseException) -> str:
    """Give the system's own message, without the numbers and addresses that Python adds."""
    if isinstance(cause, socket.gaierror):
        return cause.strerror or str(cause)
    if isinstance(cause, OSError) and cause.errno and cause.errno > 0:
        return os.strerror(cause.errno)
    return str(cause)[:160]
