"""The client of a second model: one POST, with a total deadline, a size limit, retries and a circuit breaker.

It is our own code on aiohttp, like fetching, and not an SDK. An SDK follows redirects, takes proxies and keys from the
environment, retries by itself (so that tokens could not be reserved for each request), and reads an answer of any
size.
"""

import asyncio
import json
import ssl
from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn, Self

import aiohttp

from commentariat import __version__
from tasks.attempts import attempts
from tasks.fetch.addresses import AddressGuard, UnsafeAddressError
from tasks.second_model.breaker import Breaker
from tasks.second_model.budget import BudgetPlace, TokenBudget
from tasks.second_model.failures import (
    BadAnswer,
    NotUnderstood,
    SecondModelFailure,
    StopAsking,
    TryAgain,
)
from tasks.second_model.forms import Form
from tasks.second_model.prompt import estimated_tokens
from tasks.second_model.replies import Reply, complaint, context_in, failure_of, read_reply
from tasks.second_model.settings import SecondModelSettings

MAX_ANSWER_BYTES: Final = 1 << 20
ATTEMPTS: Final = 3
LONGEST_WAIT_S: Final = 60.0
"""Longest Retry-After that is waited for; a server that asks for more is not asked again in this run."""
DEFAULT_CONTEXT: Final = 8192
REFUSED_IN_A_ROW: Final = 5
"""Questions refused in a row after which the server is not asked again: then it is not the texts that it refuses."""

_NOTHING: Final = (0, 0)  # tokens and articles that a request has used


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

    Attributes
    ----------
    turns
        To be held while an article is asked about, one question after another: as many as there may be requests at a
        time.
    context
        How many tokens fit into the model's context.
    """

    def __init__(
        self, settings: SecondModelSettings, key: str, budget: TokenBudget, breaker: Breaker | None = None
    ) -> None:
        self.settings, self._key, self._budget = settings, key, budget
        self._breaker = breaker or Breaker()
        self.turns = asyncio.Semaphore(settings.concurrency)
        self._form, self._form_works = Form(), False
        self._refused_in_a_row = 0
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
            # Less than the total, so that the error says whether there was a connection. It is the time for finding the
            # host and trying all of its addresses.
            timeout=aiohttp.ClientTimeout(
                total=self.settings.timeout_s, connect=min(10.0, self.settings.timeout_s / 2)
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
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        statements: int,
        answer_tokens: int,
        place: BudgetPlace,
    ) -> Reply:
        """Send one question; requests that may succeed later are tried again. The caller has a turn for its article.

        Parameters
        ----------
        statements
            Number of statements that are asked, for the schema of the answer.
        answer_tokens
            Largest number of tokens of the answer.
        place
            The place of the article in the budget.

        Raises
        ------
        StopAsking
            When nothing more can be asked in this run.
        TooLong, BadAnswer, TryAgain, NotUnderstood
            When this question has failed; TryAgain only after all attempts, NotUnderstood only if the server has
            understood no question yet.
        """
        async for attempt in attempts(ATTEMPTS, _wait_before_retry):
            with attempt:
                return await self._in_some_form(messages, statements, answer_tokens, place)
        raise AssertionError("the attempts return or raise")  # pragma: no cover

    async def _in_some_form(
        self, messages: Sequence[Mapping[str, str]], statements: int, answer_tokens: int, place: BudgetPlace
    ) -> Reply:
        """Send a question in the form that has worked, before that in the strictest; if it is refused, in plainer ones.

        A server may refuse a question for its text alone, for example by a filter of contents. So a refusal changes
        nothing for other questions.
        """
        form = self._form
        while True:
            try:
                reply = await self._once(form, messages, statements, answer_tokens, place)
            except NotUnderstood as error:
                plainer = form.plainer(str(error))
                if plainer is None:
                    raise self._refused(error) from error
                form = plainer
            except BadAnswer:
                self._understood(form)
                raise
            else:
                self._understood(form)
                return reply

    def _understood(self, form: Form) -> None:
        if not self._form_works:
            self._form, self._form_works = form, True
        self._refused_in_a_row = 0

    def _refused(self, error: NotUnderstood) -> SecondModelFailure:
        """Make the failure of a question that was refused in every form, for its text or as every question is."""
        self._refused_in_a_row += 1
        reason = f"the server refuses the request: {error}"
        if self._refused_in_a_row >= REFUSED_IN_A_ROW:
            self._breaker.give_up(reason)
            return StopAsking(reason)
        if self._form_works:
            return BadAnswer(f"the server refuses the article: {error}", tokens_in=0, tokens_out=0)
        return NotUnderstood(reason)

    async def _once(
        self,
        form: Form,
        messages: Sequence[Mapping[str, str]],
        statements: int,
        answer_tokens: int,
        place: BudgetPlace,
    ) -> Reply:
        await self._breaker.admit()
        body: dict[str, Any] = {"model": self.settings.model, "messages": list(messages), "stream": False}
        body |= form.parameters(statements, answer_tokens)
        sent = sum(estimated_tokens(message["content"]) for message in messages) + 32
        articles = 0 if place.is_taken else 1
        reservation = await self._budget.reserve(sent + answer_tokens, articles)
        used = _NOTHING
        try:
            await self._breaker.admit()  # the wait for tokens may have been long
            # Counted if there is no report: the server may have worked on a request that was cut off.
            used = (sent + answer_tokens, articles)
            content = await self._post("/chat/completions", body)
            reply = read_reply(
                content, sent=sent, most=answer_tokens, default_model=self.settings.model, key=self._key
            )
            used = (reply.tokens_in + reply.tokens_out, articles)
            self._breaker.succeeded()
        except TryAgain as error:
            used = used if error.may_cost else _NOTHING
            self._server_failed(error)
            raise
        except BadAnswer as error:
            used = (error.tokens_in + error.tokens_out, articles)
            self._breaker.succeeded()
            raise
        except SecondModelFailure:
            used = _NOTHING
            raise
        else:
            return reply
        finally:
            place.is_taken = place.is_taken or used != _NOTHING
            await asyncio.shield(self._budget.settle(reservation, *used))

    def _server_failed(self, error: TryAgain) -> None:
        if error.after is None:
            self._breaker.failed(str(error))
        elif error.after > LONGEST_WAIT_S:
            self._breaker.give_up(f"the server asks not to be asked for {error.after:.0f} s")
            raise StopAsking(f"the server asks not to be asked for {error.after:.0f} s") from error
        else:
            self._breaker.asked_to_wait(error.after, str(error))

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
        except aiohttp.ConnectionTimeoutError as error:
            raise TryAgain("the server cannot be reached (no connection in time)") from error
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
            response.status, complaint(content, self._key), response.headers.get("Retry-After")
        )
        if isinstance(failure, StopAsking):
            self._breaker.give_up(str(failure))
        raise failure

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
