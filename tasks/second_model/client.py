"""The client of a second model: one POST, with a total deadline, a size limit, retries and a circuit breaker.

It is our own code on aiohttp, like fetching, and not an SDK. An SDK follows redirects, takes proxies and keys from the
environment, retries by itself (so that tokens could not be reserved for each request), and reads an answer of any
size.
"""

import asyncio
import json
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NoReturn, Self

import aiohttp

from commentariat import __version__
from tasks.attempts import attempts
from tasks.fetch.addresses import AddressGuard, UnsafeAddressError
from tasks.second_model.breaker import Breaker
from tasks.second_model.budget import TokenBudget
from tasks.second_model.failures import (
    BadAnswer,
    NotUnderstood,
    SecondModelFailure,
    StopAsking,
    TryAgain,
)
from tasks.second_model.prompt import answer_schema, estimated_tokens
from tasks.second_model.replies import Reply, complaint, context_in, failure_of, read_reply
from tasks.second_model.settings import SecondModelSettings

MAX_ANSWER_BYTES: Final = 1 << 20
ATTEMPTS: Final = 3
LONGEST_WAIT_S: Final = 60.0
"""Longest Retry-After that is waited for; a server that asks for more is not asked again in this run."""
DEFAULT_CONTEXT: Final = 8192

# The ways to request a form of the answer, the strictest first; a server that does not support one gets the next.
_FORMS: Final = ("schema", "json", "plain")


class SecondModel:
    """A connection to one server; to be used with ``async with``.

    It follows no redirect, uses no proxy and no ``.netrc``, and keeps no cookie. It connects only to the configured
    address. This may belong to this machine or to a private network, but not to the internal services of a cloud.

    Parameters
    ----------
    settings
        The server and its settings.
    key
        Sent as a bearer token; if it is empty, none is sent.
    budget
        The object from which tokens are reserved.
    breaker
        For tests with other times than the usual ones.
    """

    def __init__(
        self, settings: SecondModelSettings, key: str, budget: TokenBudget, breaker: Breaker | None = None
    ) -> None:
        self.settings, self._key, self._budget = settings, key, budget
        self._breaker = breaker or Breaker()
        self._turns = asyncio.Semaphore(settings.concurrency)
        self._form = 0
        self._fields = {"tokens": "max_tokens", "temperature": "temperature"}
        self._session: aiohttp.ClientSession | None = None
        self.context = settings.context_tokens or DEFAULT_CONTEXT

    async def __aenter__(self) -> Self:
        headers = {"User-Agent": f"Commentariat/{__version__}", "Accept-Encoding": "identity"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,
                socket_factory=AddressGuard(allow_loopback=True, allow_private=True),
                ssl=await asyncio.to_thread(ssl.create_default_context),
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(
                total=self.settings.timeout_s, sock_connect=min(10.0, self.settings.timeout_s)
            ),
            headers=headers,
        )
        if not self.settings.context_tokens:
            self.context = await self._asked_for_context() or DEFAULT_CONTEXT
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    def give_up(self, reason: str) -> None:
        """Ask nothing more; requests that were already sent are not stopped."""
        self._breaker.give_up(reason)

    async def complete(
        self, messages: Sequence[Mapping[str, str]], *, statements: int, answer_tokens: int, pieces: int
    ) -> Reply:
        """Send one question; requests that may succeed later are tried again.

        Parameters
        ----------
        statements
            Number of statements that are asked, for the schema of the answer.
        answer_tokens
            Largest number of tokens of the answer.
        pieces
            1 for the first request about an article, otherwise 0.

        Raises
        ------
        StopAsking
            When nothing more can be asked in this run.
        TooLong, BadAnswer, TryAgain
            When this request has failed; TryAgain only after all attempts.
        """
        async with self._turns:
            async for attempt in attempts(ATTEMPTS, _wait_before_retry):
                with attempt:
                    first = pieces if attempt.retry_state.attempt_number == 1 else 0
                    return await self._in_some_form(messages, statements, answer_tokens, first)
        raise AssertionError("the attempts return or raise")  # pragma: no cover

    async def _in_some_form(
        self, messages: Sequence[Mapping[str, str]], statements: int, answer_tokens: int, pieces: int
    ) -> Reply:
        for _ in range(len(_FORMS) + len(self._fields)):
            form, fields = self._form, dict(self._fields)
            try:
                return await self._once(messages, statements, answer_tokens, pieces)
            except NotUnderstood as error:
                pieces = 0
                # If they differ, another request has had the same refusal and has changed the form.
                if (form, fields) == (self._form, self._fields):
                    self._ask_more_plainly(str(error))
        raise StopAsking("the server refuses the request in every form")

    def _ask_more_plainly(self, message: str) -> None:
        if "max_completion_tokens" in message and self._fields["tokens"] == "max_tokens":
            self._fields["tokens"] = "max_completion_tokens"
        elif "temperature" in message and self._fields["temperature"]:
            self._fields["temperature"] = ""
        elif self._form + 1 < len(_FORMS):
            self._form += 1
        else:
            raise StopAsking(f"the server refuses the request: {message}")

    async def _once(
        self, messages: Sequence[Mapping[str, str]], statements: int, answer_tokens: int, pieces: int
    ) -> Reply:
        await self._breaker.admit()
        body = self._body(messages, statements, answer_tokens)
        sent = sum(estimated_tokens(message["content"]) for message in messages) + 32
        reservation = await self._budget.reserve(sent + answer_tokens, pieces)
        # Counted if there is no report: the server may have worked on a request that was cut off.
        took = sent + answer_tokens
        try:
            content = await self._post("/chat/completions", body)
            reply = read_reply(content, sent=sent, most=answer_tokens, default_model=self.settings.model)
            reply = replace(reply, model=self._without_key(reply.model))
            took = reply.tokens_in + reply.tokens_out
            self._breaker.succeeded()
        except TryAgain as error:
            took = took if error.may_cost else 0
            self._server_failed(error)
            raise
        except BadAnswer as error:
            took = error.tokens_in + error.tokens_out
            self._breaker.succeeded()
            raise
        except SecondModelFailure:
            took = 0
            raise
        else:
            return reply
        finally:
            await asyncio.shield(self._budget.settle(reservation, took))

    def _server_failed(self, error: TryAgain) -> None:
        if error.after is None:
            self._breaker.failed(str(error))
        elif error.after > LONGEST_WAIT_S:
            self._breaker.give_up(f"the server asks not to be asked for {error.after:.0f} s")
            raise StopAsking(f"the server asks not to be asked for {error.after:.0f} s") from error
        else:
            self._breaker.pause(error.after)

    def _body(
        self, messages: Sequence[Mapping[str, str]], statements: int, answer_tokens: int
    ) -> dict[str, Any]:
        body: dict[str, Any] = {"model": self.settings.model, "messages": list(messages), "stream": False}
        body[self._fields["tokens"]] = answer_tokens
        if self._fields["temperature"]:
            body["temperature"] = 0
        if _FORMS[self._form] == "schema":
            schema = {"name": "answers", "strict": True, "schema": answer_schema(statements)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif _FORMS[self._form] == "json":
            body["response_format"] = {"type": "json_object"}
        return body

    async def _post(self, path: str, body: Mapping[str, Any]) -> bytes:
        assert self._session is not None
        try:
            async with self._session.post(
                self.settings.url + path, json=body, allow_redirects=False
            ) as response:
                content = await _read_capped(response)
                if response.status != 200:
                    self._refuse(response, content)
                return content
        except SecondModelFailure:
            raise
        except TimeoutError as error:
            raise TryAgain(f"no whole answer in {self.settings.timeout_s:g} s", may_cost=True) from error
        except UnsafeAddressError as error:
            raise StopAsking(f"the address is not one to connect to: {error}") from error
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, UnsafeAddressError):
                raise StopAsking(f"the address is not one to connect to: {error.os_error}") from error
            raise TryAgain(f"the server cannot be reached ({type(error).__name__})") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # The message of a library may contain the text that was sent, so only the kind of error is given.
            raise TryAgain(f"the answer breaks off ({type(error).__name__})", may_cost=True) from error

    def _refuse(self, response: aiohttp.ClientResponse, content: bytes) -> NoReturn:
        failure = failure_of(
            response.status, self._without_key(complaint(content)), response.headers.get("Retry-After")
        )
        if isinstance(failure, StopAsking):
            self._breaker.give_up(str(failure))
        raise failure

    def _without_key(self, text: str) -> str:
        return text.replace(self._key, "...") if self._key else text

    async def _asked_for_context(self) -> int:
        """Ask the server how many tokens its context holds; 0 if it does not answer this."""
        assert self._session is not None
        timeout = aiohttp.ClientTimeout(total=min(10.0, self.settings.timeout_s))
        try:
            async with self._session.get(
                f"{self.settings.url}/models", allow_redirects=False, timeout=timeout
            ) as response:
                listed = json.loads(await _read_capped(response)) if response.status == 200 else None
        except (SecondModelFailure, aiohttp.ClientError, OSError, ValueError, RecursionError):
            return 0  # if something is wrong, the first question will report it
        return context_in(listed, self.settings.model)


async def _read_capped(response: aiohttp.ClientResponse) -> bytes:
    if response.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise TryAgain("the answer is packed, which was not asked for", may_cost=True)
    chunks: list[bytes] = []
    size = 0
    while not response.content.at_eof():
        chunk = await response.content.readany()
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            raise TryAgain(f"the answer is more than {MAX_ANSWER_BYTES:,} bytes", may_cost=True)
    return b"".join(chunks)


def _wait_before_retry(error: BaseException) -> bool | float:
    """Say whether to try again: never, after the usual wait, or when the breaker allows it."""
    if not isinstance(error, TryAgain):
        return False
    return 0.05 if error.after is not None else True
