"""No pattern takes long on any text from outside, because nothing else in the process runs while a pattern searches.

For each pattern, texts are made by repeating the strings that it searches for. The slowest of these texts are tried at
full length.
"""

import ast
import importlib.util
import itertools
import math
import pkgutil
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
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
# 10,000 characters take at most 50 ms of processor time. A pattern whose time grows with the square of the length takes
# seconds. Only processor time of this thread counts, but on a slower or busy machine a step takes twice its time, since
# other work evicts what is in its caches. So twice the time is allowed, and the quickest of some runs counts; most need
# only one.
SECONDS = 0.1
RUNS = 10
FILLERS = ("a", " ", "0", "\n", "<", "-")
MOST_TOKENS = 14
OF_OURS = {
    # These patterns search only values of the configuration: locations, wordings of targets, names of models.
    "tasks.named_inputs",
    "tasks.sources",
    "models.questions",
    "models.question_subjects",
    "models.denied_questions",
    "models.opinion_questions",
    "models.question_words",
    "models.questions_without_yes",
    "models.search_terms",
    "models.loading",
    # The project's own SQL and pages, and the names of the environment's variables.
    "warehouse.publishing.appending",
    "warehouse.publishing.base",
    "warehouse.querying.scope",
    "warehouse.sql_files",
    "warehouse.writing.audit",
    "flows.sample.render",
    "flows.settings.environment",
    # Names of files, which have at most 255 bytes.
    "warehouse.durable",
}
# In these packages, a module without this line has no pattern, and is not imported: the import of all takes long.
WITH_FEW_PATTERNS = ("warehouse", "flows")
IMPORTS_PATTERNS = re.compile(r"^ *(?:import re$|from re )|patterns import", re.MULTILINE)

Pattern = re.Pattern[str] | re.Pattern[bytes]


def modules() -> Iterator[Any]:
    for package in ("tasks", "models", *WITH_FEW_PATTERNS):
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if found.name not in OF_OURS and (package not in WITH_FEW_PATTERNS or has_patterns(found)):
                yield importlib.import_module(found.name)


def has_patterns(found: pkgutil.ModuleInfo) -> bool:
    spec = importlib.util.find_spec(found.name)
    assert spec is not None and spec.origin is not None
    return IMPORTS_PATTERNS.search(Path(spec.origin).read_text(encoding="utf-8")) is not None


def patterns() -> Iterator[tuple[str, Pattern]]:
    """Yield every pattern with its place: those that a module stores, and those inside calls."""
    seen = set()
    for module in modules():
        kept = (
            (name, pattern) for name, value in list(vars(module).items()) for pattern in patterns_in(value)
        )
        calls = (
            (f"line {call.lineno}", re.compile(written, flags_of(call)))
            for call in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8")))
            if isinstance(call, ast.Call) and is_of_a_pattern(call)
            if (written := as_written(call.args[0], vars(module))) is not None
        )
        for name, pattern in itertools.chain(kept, calls):
            if pattern not in seen:
                seen.add(pattern)
                yield f"{module.__name__}.{name}", pattern


def patterns_in(value: object) -> Iterator[Pattern]:
    """Yield a pattern, or those in a tuple, a list or a dictionary of them."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from patterns_in(list(value.values()))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from patterns_in(part)


def as_written(node: ast.expr, names: dict[str, Any]) -> Any:
    """Give the text of the first argument of a call of ``re``; None if it is a pattern, or known only to the function.

    What an f-string or a sum takes from its function is a word here: names of people, of columns.
    """
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(as_written(part, names)) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [as_written(part, names) for part in (node.left, node.right)]
        return None if None in parts else parts[0] + parts[1]
    if isinstance(node, ast.FormattedValue):
        value = value_of(node.value, names)
        return "name" if value is None else value
    value = value_of(node, names)
    return value if isinstance(value, str | bytes) else None


def value_of(node: ast.expr, names: dict[str, Any]) -> Any:
    """Give the value of an expression that needs nothing but the names of its module; otherwise None."""
    try:
        return eval(ast.unparse(node), dict(names))
    except NameError:
        return None


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
    return sum(
        getattr(re, name)
        for name in ("IGNORECASE", "MULTILINE", "DOTALL", "VERBOSE")
        if f"re.{name}" in written
    )


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


PATTERNS = list(patterns())


@pytest.mark.parametrize("pattern", [pytest.param(pattern, id=name) for name, pattern in PATTERNS])
def test_a_pattern_is_quick_over_its_worst_text(pattern: Pattern) -> None:
    costs = [(seconds_for(pattern, *text, SAMPLE), text) for text in dict.fromkeys(texts_for(pattern))]
    for _, text in sorted(costs, reverse=True)[:3]:
        took = quickest(seconds_for(pattern, *text, LENGTH) for _ in range(RUNS))
        assert took < SECONDS, f"{took * 1000:.0f} ms over {text}: {pattern.pattern!r}"


def test_patterns_of_each_package_and_those_made_in_functions_are_tried() -> None:
    names = [name for name, _ in PATTERNS]
    assert {name.partition(".")[0] for name in names} == {"tasks", "models", "warehouse", "flows"}
    assert "flows.explorer.changes._WORDS" in names
    made_with_an_f_string = r"name(?:,|\s|$)"
    assert made_with_an_f_string in {pattern.pattern for _, pattern in PATTERNS}


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
        took = quickest(timed(READERS[name], text) for _ in range(RUNS))
        assert took < SECONDS, f"{took * 1000:.0f} ms over {repeated!r}"


def quickest(times: Iterable[float]) -> float:
    """Give the first time within the limit, or else the shortest one."""
    shortest = math.inf
    for took in times:
        shortest = min(shortest, took)
        if shortest < SECONDS:
            break
    return shortest


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
