"""The loopback site of the sample: every listed address answers as the sample declares."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import aiohttp
import fastfeedparser
import pytest
from lxml import etree, html

from flows.sample import SampleSite, load_corpus, sample_site

CORPUS = load_corpus()


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Browser:
    """A client that requests a URL of the running site by its public name, without following redirects."""

    site: SampleSite
    session: aiohttp.ClientSession

    async def get(self, url: str, **headers: str) -> Answer:
        host, slash, path = url.removeprefix("http://").partition("/")
        headers = {name.replace("_", "-"): value for name, value in headers.items()} | {"Host": host}
        address = f"http://{self.site.connect_to[host]}{slash}{path}"
        async with self.session.get(address, headers=headers, allow_redirects=False) as response:
            return Answer(response.status, response.headers.copy(), await response.read())


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with sample_site() as site, aiohttp.ClientSession() as session:
        yield Browser(site, session)


async def test_every_piece_is_served_at_its_address(browser: Browser):
    for piece in CORPUS.pieces.values():
        answer = await browser.get(piece.url)
        if piece.unavailable_once:
            assert answer.status == 503
            answer = await browser.get(piece.url)
        assert answer.status == 200, piece.url
        assert answer.headers["Content-Type"].startswith("text/plain" if piece.plain else "text/html")


async def test_an_overloaded_page_names_a_pause_and_answers_after_it(browser: Browser):
    (piece,) = [piece for piece in CORPUS.pieces.values() if piece.unavailable_once]
    answers = [await browser.get(piece.url) for _ in range(3)]
    assert [answer.status for answer in answers] == [503, 200, 200]
    assert answers[0].headers["Retry-After"] == "1"


async def test_a_page_that_has_moved_is_listed_at_its_old_address(browser: Browser):
    (piece,) = [piece for piece in CORPUS.pieces.values() if piece.moved_from]
    answer = await browser.get(piece.listed_url)
    assert (answer.status, answer.headers["Location"]) == (301, piece.path)


async def test_a_page_is_not_sent_twice_to_a_client_that_has_it(browser: Browser):
    for piece in CORPUS.pieces.values():
        if piece.unavailable_once:
            await browser.get(piece.url)
        first = await browser.get(piece.url)
        if not piece.outlet.validators:
            assert "ETag" not in first.headers
            continue
        by_tag = await browser.get(piece.url, If_None_Match=first.headers["ETag"])
        by_date = await browser.get(piece.url, If_Modified_Since=first.headers["Last-Modified"])
        stale = await browser.get(
            piece.url, If_None_Match='"other"', If_Modified_Since=first.headers["Last-Modified"]
        )
        assert (by_tag.status, by_tag.body, by_date.status, stale.status) == (304, b"", 304, 200)


async def test_listings_support_conditional_requests_too(browser: Browser):
    url = "http://harbor-ledger.example/opinion/feed.xml"
    first = await browser.get(url)
    assert (await browser.get(url, If_None_Match=first.headers["ETag"])).status == 304


async def test_unknown_pages_and_hosts_are_not_found(browser: Browser):
    assert (await browser.get("http://harbor-ledger.example/nothing-here")).status == 404
    browser.site.connect_to["unknown.example"] = browser.site.connect_to["harbor-ledger.example"]
    assert (await browser.get("http://unknown.example/robots.txt")).status == 404


async def test_links_to_no_piece_answer_as_declared(browser: Browser):
    pdf = await browser.get("http://crossroads-wire.example/files/white-paper-housing.pdf")
    assert (pdf.headers["Content-Type"], pdf.body[:5]) == ("application/pdf", b"%PDF-")
    gone = "http://harbor-ledger.example/opinion/2026/10/02/our-endorsement-measure-12/"
    assert (await browser.get(gone)).status == 404
    assert (
        await browser.get("http://meridian-post.example/comment/2026/09/letter-from-the-editor")
    ).status == 200
    torn = await browser.get("http://crossroads-wire.example/2026/10/truncated-in-transmission.htm")
    assert torn.status == 200
    with pytest.raises(UnicodeDecodeError):
        torn.body.decode()


async def test_robots_txt_forbids_the_members_page_and_asks_for_a_pause_elsewhere(browser: Browser):
    ledger = await browser.get("http://harbor-ledger.example/robots.txt")
    courier = await browser.get("http://continental-courier.example/robots.txt")
    assert b"Disallow: /members/" in ledger.body
    assert any(piece.path.startswith("/members/") for piece in CORPUS.pieces.values())
    assert b"Crawl-delay: 0.05" in courier.body


@pytest.mark.parametrize(
    "outlet",
    [outlet for outlet in CORPUS.outlets.values() if outlet.listing_kind in ("rss", "atom", "jsonfeed")],
    ids=lambda outlet: outlet.key,
)
async def test_a_feed_names_all_pieces_of_its_outlet(browser: Browser, outlet):
    answer = await browser.get(outlet.root + outlet.listing)
    if outlet.listing_kind == "jsonfeed":
        links = [item["url"] for item in json.loads(answer.body)["items"]]
    else:
        links = [entry["link"] for entry in fastfeedparser.parse(answer.body).entries]
    other_links = [link.url for link in outlet.also_listed]
    assert sorted(links) == sorted([piece.listed_url for piece in CORPUS.of(outlet)] + other_links)


async def test_the_sitemap_index_leads_to_every_essay_and_to_the_newest_as_news(browser: Browser):
    outlet = CORPUS.outlets["northfield-review"]
    locations = "//*[local-name()='loc']/text()"
    index = etree.fromstring((await browser.get(outlet.root + outlet.listing)).body)
    everything, news = [
        set(etree.fromstring((await browser.get(part)).body).xpath(locations))
        for part in index.xpath(locations)
    ]
    assert everything == {piece.url for piece in CORPUS.of(outlet)}
    assert news < everything
    assert news


async def test_the_section_page_names_its_pieces(browser: Browser):
    blog = CORPUS.outlets["plainspoken"]
    page = html.fromstring((await browser.get(blog.root + blog.listing)).body)
    assert {piece.path for piece in CORPUS.of(blog)} <= set(page.xpath("//li/a/@href"))


async def test_two_sites_run_side_by_side_and_neither_remembers_the_other(browser: Browser):
    (piece,) = [piece for piece in CORPUS.pieces.values() if piece.unavailable_once]
    await browser.get(piece.url)
    async with sample_site() as other:
        assert other.port != browser.site.port
        answer = await Browser(other, browser.session).get(piece.url)
    assert answer.status == 503


async def test_the_damaged_page_is_one_bad_byte_away_from_utf_8(browser: Browser):
    (piece,) = [piece for piece in CORPUS.pieces.values() if piece.damaged]
    body = (await browser.get(piece.url)).body
    with pytest.raises(UnicodeDecodeError):
        body.decode()
    assert body.decode("utf-8", "replace").count("�") == 1
    assert b"</p>" not in body
