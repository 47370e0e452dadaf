"""A server's replies, read with care: an answer of the protocol, an error message, or the length of the context."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tasks.fetch.http_client import retry_after_of
from tasks.outcome import printable
from tasks.second_model.failures import (
    BadAnswer,
    NotUnderstood,
    SecondModelFailure,
    StopAsking,
    TooLong,
    TryAgain,
)
from tasks.second_model.prompt import estimated_tokens

_READ: Final = 2000
_SHOWN: Final = 200
_MAX_TOKENS_REPORTED: Final = 100_000_000
_LEAST_CONTEXT: Final = 512

# These answers will be the same in a minute, so the rest of the night runs without a second model.
_REFUSALS: Final[Mapping[int, str]] = {
    401: "the server refuses the key (HTTP 401); set COMMENTARIAT_SECOND_MODEL__KEY or key_block",
    402: "the server asks for money (HTTP 402)",
    403: "the server refuses us (HTTP 403)",
    404: "there is no such address or model at the server (HTTP 404); look at url and model",
    405: "the address does not take questions (HTTP 405); look at url",
}
_OUT_OF_MONEY: Final = ("insufficient_quota", "exceeded your current quota", "billing")
_OVERFLOW: Final = (
    "context_length_exceeded",
    "context length",
    "context window",
    "context size",
    "maximum context",
    "too long",
    "too many tokens",
)
_CONTEXT_NAMES: Final = (
    "max_model_len",
    "loaded_context_length",
    "max_context_length",
    "context_length",
    "context_window",
    "n_ctx",
)


@dataclass(frozen=True, slots=True)
class Reply:
    """The text that a model wrote, the name that the server reports for it, and the tokens used."""

    content: str
    model: str
    tokens_in: int
    tokens_out: int


def read_reply(body: bytes, *, sent: int, most: int, default_model: str, key: str) -> Reply:
    """Read the answer to a request.

    Parameters
    ----------
    sent
        Estimated tokens of the request, for servers that do not count them.
    most
        Largest number of tokens of the answer, which an answer that cannot be used may have cost.
    default_model
        For servers that do not report which model answered.
    key
        Taken out of the name of the model, if the server repeats it there.

    Raises
    ------
    TryAgain
        When it is not an answer of the protocol.
    BadAnswer
        When the model wrote nothing, or its text was cut off.
    """
    try:
        read = json.loads(body)
        choice = read["choices"][0]
        content = _encodable(choice["message"].get("content"))
        finished = choice.get("finish_reason")
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise TryAgain("the answer is not of the protocol", may_cost=True) from error
    counts = read.get("usage")
    usage = counts if isinstance(counts, dict) else {}
    if finished == "length" or not isinstance(content, str) or not content.strip():
        raise BadAnswer(
            "the answer was cut at its longest; raise answer_tokens"
            if finished == "length"
            else "the model wrote no text",
            tokens_in=_count(usage.get("prompt_tokens"), sent),
            tokens_out=_count(usage.get("completion_tokens"), most),
        )
    named = read.get("model")
    reported = _line(named, key) if isinstance(named, str) else ""
    return Reply(
        content=content,
        model=reported or default_model,
        tokens_in=_count(usage.get("prompt_tokens"), sent),
        tokens_out=_count(usage.get("completion_tokens"), estimated_tokens(content)),
    )


def failure_of(status: int, message: str, retry_after: str | None) -> SecondModelFailure:
    """Translate a status other than 200 into the failure that says what must be done.

    Parameters
    ----------
    message
        The server's :func:`complaint`, without the key.
    retry_after
        The value of the header ``Retry-After``.
    """
    words = message.lower()
    if 300 <= status < 400:
        return StopAsking(
            f"the server answers with a redirect (HTTP {status}); write the address it leads to"
        )
    if status in _REFUSALS:
        return StopAsking(_REFUSALS[status])
    if any(sign in words for sign in _OUT_OF_MONEY):
        return StopAsking(f"the server asks for money: {message}")
    if status in (400, 413, 422, 500) and any(sign in words for sign in _OVERFLOW):
        return TooLong(message)
    if status in (400, 415, 422, 501):
        return NotUnderstood(message or f"HTTP {status}")
    reason = f"the server answers HTTP {status}" + (f": {message}" if message else "")
    return TryAgain(reason, after=retry_after_of(retry_after))


def complaint(body: bytes, key: str) -> str:
    """Give the first words of a server's error message, in one line, without the key.

    They may repeat the text that was sent.
    """
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return _line(body.decode(errors="replace"), key)
    error = read.get("error", read) if isinstance(read, dict) else read
    if not isinstance(error, dict):
        return _line(str(error), key)
    code = error.get("code") or error.get("type") or ""
    return _line(f"{code} {error.get('message') or ''}", key)


def context_in(listed: object, model: str) -> int:
    """Find the length of the context in a server's list of models (vLLM, LM Studio, llama.cpp, others), or 0."""
    models = listed.get("data") if isinstance(listed, dict) else None
    named = [entry for entry in models if isinstance(entry, dict)] if isinstance(models, list) else []
    ours = [entry for entry in named if entry.get("id") == model] or named[:1]
    for entry in ours:
        meta = entry.get("meta")
        for place in (entry, meta if isinstance(meta, dict) else {}):
            for name in _CONTEXT_NAMES:
                tokens = place.get(name)
                if isinstance(tokens, int) and not isinstance(tokens, bool) and tokens >= _LEAST_CONTEXT:
                    return tokens
    return 0


def _encodable(written: object) -> object:
    """Put ``?`` in place of half a surrogate pair, which a proxy leaves when it cuts a text; UTF-8 has no form for it.

    Line breaks and other control characters stay, because the text is JSON.
    """
    return written.encode(errors="replace").decode() if isinstance(written, str) else written


def _line(text: str, key: str) -> str:
    """Give the first words in one line. The key is taken out before the cut, which could leave a part of it."""
    without_key = text.replace(key, "...") if key else text
    return " ".join(printable(without_key[:_READ]).split())[:_SHOWN]


def _count(reported: object, estimated: int) -> int:
    """Use a server's count if it is a possible number."""
    if isinstance(reported, int) and not isinstance(reported, bool) and 0 <= reported <= _MAX_TOKENS_REPORTED:
        return reported
    return estimated
