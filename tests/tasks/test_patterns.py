"""No pattern takes long on any text from outside, because nothing else in the process runs while a pattern searches.

For each pattern, texts are made by repeating the strings that it searches for. The slowest of these texts are tried at
full length.
"""

import ast
import importlib
import itertools
import pkgutil
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]  # the only way to see what a pattern is made of
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from commentariat import InputError
from tasks.addresses.credentials import may_hold_a_password, without_credentials
from tasks.addresses.urls import canonical_url, redirect_url
from tasks.discover.feed_parsing import parse_feed
from tasks.discover.link_parsing import links_of
from tasks.fetch.http_client import retry_after_of
from tasks.fetch.media import parse_content_type
from tasks.text.dates import parse_listed_time

LENGTH = 10_000
SAMPLE = 500
LONGEST_READ = 4_000  # a longer address is refused, and the rest of it is not read
# Processor time of this process. A pattern whose time grows with the square of the length takes seconds; on a busy
# machine a step takes twice its time.
SECONDS = 0.1
FILLERS = ("a", " ", "0", "\n", "<", "-")
MOST_TOKENS = 14
# These patterns search only values of the configuration: locations, wordings of targets, names of models.
OF_OURS = {
    "tasks.sources",
    "models.questions",
    "models.question_subjects",
    "models.subject_patterns",
    "models.questions_without_yes",
    "models.search_terms",
    "models.loading",
}

Pattern = re.Pattern[str] | re.Pattern[bytes]


def modules() -> Iterator[Any]:
    for package in ("tasks", "models"):
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if found.name not in OF_OURS:
                yield importlib.import_module(found.name)


def patterns() -> Iterator[tuple[str, Pattern]]:
    """Yield every pattern: those that a module stores, and those inside calls."""
    seen = set()
    for module in modules():
        kept = ((name, value) for name, value in vars(module).items() if isinstance(value, re.Pattern))
        calls = (
            (f"line {call.lineno}", re.compile(call.args[0].value, flags_of(call)))
            for call in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8")))
            if isinstance(call, ast.Call) and is_of_a_pattern(call) and isinstance(call.args[0], ast.Constant)
        )
        for name, pattern in itertools.chain(kept, calls):
            if pattern not in seen:
                seen.add(pattern)
                yield f"{module.__name__}.{name}", pattern


def is_of_a_pattern(call: ast.Call) -> bool:
    """Whether a call is one of the module ``re``, such as ``re.sub(pattern, ...)``."""
    return (
        isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "re"
        and bool(call.args)
    )


def flags_of(call: ast.Call) -> int:
    written = ast.unparse(call)
    return sum(getattr(re, name) for name in ("IGNORECASE", "MULTILINE", "DOTALL") if f"re.{name}" in written)


def tokens_of(parsed: Any) -> Iterator[str]:
    """Yield the strings that a pattern searches for: its words, and a few characters of each of its classes."""
    word = ""
    for code, what in parsed:
        if code is codes.LITERAL:
            word += chr(what)
            continue
        if word:
            yield word
        word = ""
        if code is codes.IN:
            for kind, value in what[:6]:
                if kind in (codes.LITERAL, codes.RANGE):
                    yield chr(value if kind is codes.LITERAL else value[0])
        elif code is codes.BRANCH:
            for branch in what[1]:
                yield from tokens_of(branch)
        elif code is codes.SUBPATTERN:
            yield from tokens_of(what[3])
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            yield from tokens_of(what[1])
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            yield from tokens_of(what[2])
    if word:
        yield word


def texts_for(pattern: Pattern) -> Iterator[tuple[str, str]]:
    """Yield beginnings of texts, each with the string that is repeated after it."""
    tokens = list(dict.fromkeys(tokens_of(parser.parse(pattern.pattern, pattern.flags))))
    some = [*sorted(tokens, key=len)[:MOST_TOKENS], *FILLERS]
    yield from (("", token) for token in [*tokens, *FILLERS])
    for one, other in itertools.product(some, some):
        yield one, other
        yield "", one + other
    for token, filler in itertools.product(tokens, FILLERS):
        yield token, filler
        yield "", token + filler


def seconds_for(pattern: Pattern, begin: str, repeated: str, length: int) -> float:
    text: Any = (begin + repeated * length)[:length] + "\x01"
    if isinstance(pattern.pattern, bytes):
        text = text.encode("latin-1", "replace")
    return timed(lambda whole: [None for _ in pattern.finditer(whole)], text)


@pytest.mark.parametrize("pattern", [pytest.param(pattern, id=name) for name, pattern in patterns()])
def test_a_pattern_is_quick_over_its_worst_text(pattern: Pattern) -> None:
    costs = [(seconds_for(pattern, *text, SAMPLE), text) for text in dict.fromkeys(texts_for(pattern))]
    for _, text in sorted(costs, reverse=True)[:3]:
        # The least time of a few runs counts, since other work on the machine may slow some down.
        took = min(seconds_for(pattern, *text, LENGTH) for _ in range(3))
        assert took < SECONDS, f"{took * 1000:.0f} ms over {text}: {pattern.pattern!r}"


def refused(function: Callable[[str], object]) -> Callable[[str], object]:
    def call(text: str) -> object:
        try:
            return function(text)
        except InputError:
            return None

    return call


READERS: dict[str, Callable[[str], object]] = {
    "an address": refused(lambda text: canonical_url(f"http://site.example/{text}")),
    "a query": refused(lambda text: canonical_url(f"http://site.example/?{text}")),
    "a host": refused(lambda text: canonical_url(f"http://{text}/")),
    "an address in a viewer": refused(lambda text: canonical_url(f"http://google.com/amp/{text}")),
    "a password": lambda text: without_credentials(f"http://a:{'1' * LENGTH}x{text}"),
    "a second reading": lambda text: may_hold_a_password(f"http://a:{'1' * LENGTH}x{text}"),
    "a redirect": refused(lambda text: redirect_url(f"/{text}", "http://site.example/")),
    "a redirect to a host": refused(lambda text: redirect_url(f"//{text}/", "http://site.example/")),
    "a date": parse_listed_time,
    "a pause": retry_after_of,
    "a content type": lambda text: parse_content_type(f"text/html;{text}"),
    "a page of links": lambda text: links_of(f"<a href=/a>{text}</a>".encode(), None, "http://site.example/"),
}
REPEATED = [
    *"a0-/%&?#.:@[]\\ \t;=+İß<\"'",
    *(
        "a/",
        "/@",
        "a-",
        "1-",
        "/amp",
        "s/",
        "a.b/",
        "a=&",
        "utm_=&",
        "../",
        "a.",
        "ü.",
        "xn--a.",
        "&#9",
        "&amp;",
    ),
]


@pytest.mark.parametrize("name", READERS)
def test_any_text_from_outside_is_parsed_quickly(name: str) -> None:
    for repeated, length in itertools.product(REPEATED, (LENGTH, LONGEST_READ)):
        text = (repeated * length)[:length]
        took = min(timed(READERS[name], text) for _ in range(3))
        assert took < SECONDS, f"{took * 1000:.0f} ms over {repeated!r}"


def timed(function: Callable[[Any], object], text: Any) -> float:
    """Return the processor seconds of this thread, without the time for counting covered lines."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        began = time.thread_time()
        function(text)
        return time.thread_time() - began
    finally:
        sys.settrace(tracer)


def test_a_title_that_is_a_very_long_number_is_no_error() -> None:
    digits = "9" * 5_000
    feed = f"<rss version='2.0'><channel><title>x</title><item><link>http://site.example/a</link><title>&amp;#{digits};</title></item></channel></rss>"
    [entry], _ = parse_feed(feed.encode())
    assert entry.link == "http://site.example/a"
