"""Of a robots.txt only what applies to us is parsed, and every decision stays the same."""

import time
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from protego import Protego

from tasks.fetch.robots import MAX_ROBOTS_BYTES, MOST_WILDCARDS, Robots
from tasks.fetch.robots_groups import that_apply_to
from tasks.page import NotFetchedError

NAME = "Commentariat"
AGENTS = [
    "*",
    "Commentariat",
    "commentariat",
    "comm*",
    "COMMENT",
    "c",
    "**",
    "*c*",
    "Other",
    "ommentariat",
    "",
]
AGENT_FIELDS = ["User-agent", "user-agent ", "useragent", "User agent", "User  agent"]
FIELDS = ["Allow", "Disallow", "disalow", "Crawl-delay", "crawl delay", "Request-rate", "Noindex", "Host"]
VALUES = ["/", "/a", "/a/b", "/*b", "/a$", "/a$b", "", "3", "0.5", "x:y", "/a # why", "/a/index.html"]
PATHS = ["/", "/a", "/a/b", "/b", "/a$b", "/x:y", "/a/index.html", "/robots.txt"]
SEPARATORS = [":", ": ", " : ", " ", "  "]

AGENT_LINES = st.builds(
    "{}{}{}".format, st.sampled_from(AGENT_FIELDS), st.sampled_from(SEPARATORS), st.sampled_from(AGENTS)
)
RULE_LINES = st.builds(
    "{}{}{}".format, st.sampled_from(FIELDS), st.sampled_from(SEPARATORS), st.sampled_from(VALUES)
)
SITEMAP_LINES = st.sampled_from(
    ["Sitemap: https://a.example/s.xml", "Sitemap https://a.example/t.xml", "site-map:"]
)
OTHER_LINES = st.sampled_from(
    ["", "# User-agent: *", "nonsense", "a:b", "a: b", "\u2028User-agent: *", "Allow\x85Host:"]
)
FILES = st.lists(AGENT_LINES | RULE_LINES | SITEMAP_LINES | OTHER_LINES, max_size=14).map("\n".join)


@given(FILES, st.sampled_from([NAME, "c", "Com-ment_1"]))
@example("User-agent: c\nDisallow: /\nUser-agent: *\nAllow: /", NAME)
@example("User-agent: *\nAllow: /\nUser-agent: c\nDisallow: /", NAME)
@example("User-agent: comm*\nDisallow: /a\nSitemap: x\nUser-agent: *\nDisallow: /b", NAME)
@example("User-agent: Commentariat\nCrawl-delay: 3\nUser-agent: Other\nDisallow: /", NAME)
def test_every_decision_is_that_of_the_whole_file(text: str, name: str):
    whole, ours = Protego.parse(text), Protego.parse(that_apply_to(name, text))
    for path in PATHS:
        url = f"https://a.example{path}"
        assert ours.can_fetch(url, name) == whole.can_fetch(url, name), path
    assert ours.crawl_delay(name) == whole.crawl_delay(name)
    assert list(ours.sitemaps) == list(whole.sitemaps)


@pytest.mark.parametrize(
    "agent", ["Commentariat/0.1.0", "commentariat/9", "Commentariat (+https://x.example)", "Commentariat bot"]
)
def test_a_group_that_names_us_with_a_version_or_a_contact_is_ours(agent: str):
    rules = f"User-agent: {agent}\nDisallow: /\n\nUser-agent: *\nAllow: /"
    assert not Protego.parse(that_apply_to(NAME, rules)).can_fetch("https://a.example/a", NAME)


@pytest.mark.parametrize("agent", ["Commentariats/1.0", "Comm/1.0", "Comm bot", "Not Commentariat/0.1"])
def test_a_group_that_names_another_robot_with_a_version_is_not_ours(agent: str):
    rules = f"User-agent: {agent}\nDisallow: /\n\nUser-agent: *\nAllow: /"
    assert Protego.parse(that_apply_to(NAME, rules)).can_fetch("https://a.example/a", NAME)


def hostile(*halves: str) -> bytes:
    lines = (half.format(n) for half in halves for n in range(MAX_ROBOTS_BYTES // 2 // (len(half) + 3)))
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(hostile("user-agent:{:06}", "allow:/a"), id="as many agents as rules"),
        pytest.param(hostile("user-agent:commentariat", "allow:/a"), id="one agent again and again"),
        pytest.param(
            b"\n".join(b"user-agent:" + NAME[:n].encode() for n in range(1, len(NAME) + 1))
            + b"\n" + hostile("allow:/{:06}", "allow:/a"),
            id="every beginning of our name",
        ),
    ],
)  # fmt: skip
async def test_no_robots_txt_takes_more_time_or_memory_than_its_length_allows(body: bytes):
    async def read(_: str) -> tuple[int, bytes]:
        return 200, body

    tracemalloc.start()
    began = time.process_time()
    rules = await Robots(NAME, read).rules("https://a.example/x")
    took, most = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    rules.check("https://a.example/x")
    assert took < 10  # under tracemalloc and a busy machine; before, 64 kB took as long
    assert most < 64 * 1024 * 1024


async def test_a_file_with_thousands_of_rules_with_wildcards_is_not_followed_rule_by_rule():
    async def read(_: str) -> tuple[int, bytes]:
        return 200, hostile("user-agent:*\ndisallow:/a*b*{:06}$", "disallow:/b*{:06}")

    rules = await Robots(NAME, read).rules("https://a.example/x")
    began = time.process_time()
    with pytest.raises(NotFetchedError, match=r"over 2,000 rules with \* or \$") as raised:
        rules.check("https://a.example/" + "ab" * 400)
    assert time.process_time() - began < 0.25
    assert raised.value.outcome == "blocked_by_robots"


async def test_the_most_rules_with_wildcards_that_are_followed_take_little_time():
    lines = [f"disallow:/a*{number}" for number in range(MOST_WILDCARDS - 1)]

    async def read(_: str) -> tuple[int, bytes]:
        return 200, "\n".join(["user-agent:*", *lines]).encode()

    rules = await Robots(NAME, read).rules("https://a.example/x")
    rules.check("https://a.example/x")
    began = time.process_time()
    rules.check("https://a.example/" + "ab" * 400)
    assert time.process_time() - began < 0.25  # a tenth of it on a machine with nothing else to do
