"""Section pages: which of their links are items."""

import pytest
from aiohttp import web

from tasks.discover.link_parsing import MAX_LINKS
from tests.tasks.discover.listings import RSS, found
from tests.tasks.loopback import Site


async def test_a_section_page_brings_the_links_that_look_like_articles(site: Site) -> None:
    site.pages["/opinion"] = """<html><head><base href="http://site.example/base/"></head><body>
      <a href="/opinion/why-the-ferries-matter-now"><img></a><a href="/opinion/why-the-ferries-matter-now">Why the
      ferries matter</a> <a href="2026/11/20/short">Short</a> <a href="/about">About</a> <a href="mailto:a@b.c">Mail</a>
      <a href="#top">Top</a> <a href="http://other.example/a-b-c-d-e">Elsewhere</a> <a href="javascript:x()">x</a>
      <a href="/opinion">here</a></body></html>"""
    result = await found(site, "section", "http://site.example/opinion")
    assert [(item.url, item.title_hint) for item in result.items] == [
        ("http://site.example/opinion/why-the-ferries-matter-now", "Why the ferries matter"),
        ("http://site.example/base/2026/11/20/short", "Short"),
    ]
    assert {one.url: one.reason for one in result.left_out} == {
        "http://site.example/about": "does not look like an article; an include pattern takes it in",
        "http://other.example/a-b-c-d-e": "leads to another site",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("declared", ["", "; charset=iso-8859-1", "; charset=nothing-known"])
async def test_the_links_of_a_section_are_read_in_the_charset_of_the_page(
    site: Site, encoding: str, declared: str
) -> None:
    async def section(_: web.Request) -> web.Response:
        page = "<html><body><a href='/caf\xe9-life-is-no-more'>The caf\xe9\u2019s end</a></body></html>"
        return web.Response(body=page.encode(encoding), headers={"Content-Type": f"text/html{declared}"})

    site.pages["/opinion"] = section
    result = await found(site, "section", "http://site.example/opinion")
    assert [(item.url, item.title_hint) for item in result.items] == [
        ("http://site.example/caf%C3%A9-life-is-no-more", "The caf\xe9\u2019s end")
    ]


async def test_the_patterns_of_a_section_replace_the_usual_choice_of_links(site: Site) -> None:
    site.pages["/"] = (
        '<a href="/about">About</a><a href="/essays/x">X</a><a href="http://other.example/essays/y">Y</a>'
    )
    result = await found(site, "section", "http://site.example/", include=["/essays/"])
    assert [item.url for item in result.items] == [
        "http://site.example/essays/x",
        "http://other.example/essays/y",
    ]
    assert "include patterns" in result.left_out[0].reason


async def test_a_section_page_with_too_many_links_says_that_the_rest_is_not_read(site: Site) -> None:
    site.pages["/"] = "".join(f'<a href="/2026/11/20/{n}">{n}</a>' for n in range(MAX_LINKS + 2))
    result = await found(site, "section", "http://site.example/")
    assert len(result.items) == MAX_LINKS
    assert [one.reason for one in result.left_out] == ["has more than 5,000 links; the rest is not read"]


@pytest.mark.parametrize(
    "above", ["", "\ufeff", "\n<!-- made by hand --><?xml-stylesheet href='x'?><!DOCTYPE rss>"]
)
async def test_a_feed_under_the_address_of_a_section_is_read_as_a_feed(site: Site, above: str) -> None:
    site.pages["/opinion"] = above + RSS.partition("\n")[2] if above else RSS
    result = await found(site, "section", "http://site.example/opinion")
    assert [item.authors_hint for item in result.items] == [("Ada Byrne",), ()]
    assert [visit.resource for visit in result.visits] == ["feed"]


async def test_a_page_that_shows_the_source_of_a_feed_is_a_section(site: Site) -> None:
    site.pages["/opinion"] = '<!doctype html><pre><rss></pre><a href="/2026/11/20/ferries">Ferries</a>'
    result = await found(site, "section", "http://site.example/opinion")
    assert [item.url for item in result.items] == ["http://site.example/2026/11/20/ferries"]


async def test_a_section_page_without_links_says_so(site: Site) -> None:
    site.pages["/"] = "<html><div id=app></div><script src=x.js></script>"
    result = await found(site, "section", "http://site.example/")
    assert "script" in result.problems[0].reason


async def test_the_links_of_a_page_for_consent_are_no_articles_of_the_section(site: Site) -> None:
    async def to_consent(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "http://consent.site.example/collect?id=1"})

    site.pages["site.example/opinion"] = to_consent
    site.pages["consent.site.example/collect"] = '<a href="/2026/11/20/our-partners-and-you">Our partners</a>'
    result = await found(site, "section", "http://site.example/opinion")
    assert result.items == ()
    [problem] = result.problems
    assert problem.url == "http://site.example/opinion"
    assert "a page for consent or login instead: consent.site.example/collect" in problem.reason


@pytest.mark.parametrize(
    ("path", "options", "taken"),
    [("/opinion", {}, 0), ("/opinion", {"include": ["/2026/"]}, 1), ("/index.html", {}, 1)],
    ids=["section", "section with patterns", "front page"],
)
async def test_the_links_of_the_front_page_to_which_a_site_redirects_from_a_section_are_not_taken(
    site: Site, path: str, options: dict[str, object], taken: int
) -> None:
    async def to_front_page(_: web.Request) -> web.Response:
        return web.Response(status=301, headers={"Location": "/?utm_source=gone"})

    site.pages |= {path: to_front_page, "/": '<a href="/2026/11/20/harbour-fire">Fire in the harbour</a>'}
    result = await found(site, "section", f"http://site.example{path}", **options)
    assert len(result.items) == taken
    led_away = ["front page instead: site.example;" in problem.reason for problem in result.problems]
    assert led_away == [True] * (1 - taken)


async def test_a_section_page_behind_a_redirect_to_a_very_long_address_is_read(site: Site) -> None:
    there = f"http://other.example/opinion/?token={'x' * 5_000}"

    async def to_long_address(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": there})

    site.pages["site.example/first"] = '<a href="/2026/11/20/ferries">Ferries</a>'
    site.pages["site.example/opinion"] = to_long_address
    site.pages["other.example/opinion/"] = (
        f'<a href="/2026/11/21/bridges">Bridges</a><a href="{there}">here</a><a href="?page=2">More</a>'
    )
    locations = ["http://site.example/first", "http://site.example/opinion"]
    result = await found(site, "section", locations)
    assert {item.url for item in result.items} == {
        "http://site.example/2026/11/20/ferries",
        "http://other.example/2026/11/21/bridges",
    }
    assert result.problems == ()
    assert [left.url for left in result.left_out] == ["http://other.example/opinion/?page=2"]
