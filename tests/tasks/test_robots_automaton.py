"""Very many rules of a robots.txt are matched quickly, and with the same decisions as a few."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from protego import Protego

from tasks.fetch.robots import MAX_ROBOTS_BYTES, Robots
from tasks.fetch.robots_automaton import Automaton, Rule
from tasks.fetch.robots_groups import rules_in, that_apply_to
from tasks.page import NotFetchedError

NAME = "Commentariat"
PARTS = ["/", "a", "b", "/a", "*", "$", "?", "&", "=", "é", "index.html"]
PARTS += ["%2F", "%2f", "%61", "%24", "%25", "%2A", "%C3%A9", "%3f"]
PATHS = st.lists(st.sampled_from(PARTS), max_size=6).map(lambda parts: "/" + "".join(parts))
WITHOUT_SLASH = st.sampled_from(["*", "$", "*a", "*$", "a/b", "*.gif$"])
RULES = st.builds(Rule, PATHS | WITHOUT_SLASH, st.booleans())


@pytest.mark.parametrize(
    ("lines", "allowed", "forbidden"),
    [
        (["Disallow: /", "Allow: /a"], ["/a", "/ab"], ["/", "/b/a"]),
        (["Disallow: /a", "Allow: /a"], ["/a"], []),
        (["Allow: /a", "Disallow: /ab"], ["/a", "/ac"], ["/ab", "/abc"]),
        (["Disallow: /*.gif$"], ["/a.gif?b", "/a.gi"], ["/a.gif", "/b/a.gif"]),
        (["Disallow: /a*b*c"], ["/ac", "/acb", "/xabc"], ["/abc", "/axbxcx"]),
        (["Disallow: *"], ["/robots.txt"], ["/", "/a", "/robots.txt/a"]),
        (["Allow: /*/b", "Disallow: /a/*"], ["/c"], ["/a/", "/a/c"]),
        (["Disallow: /é"], ["/e"], ["/%C3%A9", "/%c3%a9"]),
        (["Disallow: /a%2Fb", "Disallow: /%7Ejo"], ["/a/b"], ["/a%2fb", "/~jo"]),
        (["Disallow: /a$"], ["/ab", "/a/"], ["/a", "/a$b"]),
        ([], ["/", "/a"], []),
    ],
)
def test_the_longest_rule_that_matches_decides_and_allow_before_disallow(
    lines: list[str], allowed: list[str], forbidden: list[str]
) -> None:
    automaton = Automaton(rules_in(that_apply_to(NAME, "\n".join(["User-agent: *", *lines]))))
    decisions = {path: automaton.allows(f"https://a.example{path}") for path in (*allowed, *forbidden)}
    assert decisions == dict.fromkeys(allowed, True) | dict.fromkeys(forbidden, False)


@given(st.lists(RULES, max_size=8), PATHS)
@example([Rule("/a$", allows=False), Rule("/", allows=True)], "/a$")
@example([Rule("/index.html", allows=True), Rule("/", allows=False)], "/")
def test_every_decision_is_that_of_protego(rules: list[Rule], path: str) -> None:
    lines = [f"{'Allow' if rule.allows else 'Disallow'}: {rule.path}" for rule in rules]
    protego = Protego.parse("\n".join(["User-agent: *", *lines]))
    url = f"https://a.example{path}"
    assert Automaton(rules).allows(url) == protego.can_fetch(url, NAME)


async def test_an_address_costs_milliseconds_however_many_rules_with_wildcards_a_site_has() -> None:
    lines = ["user-agent:*", "disallow:/", *(f"allow:/*aaa{n:04x}a" for n in range(28_000))]
    body = "\n".join(lines).encode()
    assert len(body) < MAX_ROBOTS_BYTES, "all rules must be read"

    async def read(_: str) -> tuple[int, bytes]:
        return 200, body

    rules = await Robots(NAME, read).rules("https://a.example/x")
    rules.check("https://a.example/b/aaa6d5fa.html")  # the last rule
    took = []
    for _ in range(3):
        began = time.thread_time()
        with pytest.raises(NotFetchedError, match="asks robots to stay out"):
            rules.check("https://a.example/" + "a" * 800)
        took.append(time.thread_time() - began)
    assert min(took) < 0.05  # tried one after another, they take more than twice as long
