"""Five nights with every kind of source: new, changed and vanished pages, copies, and a backfill.

Every outlet has a host of its own on one loopback server, which answers conditional requests as real servers do.
"""

import gzip
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.night.opening import NightRequest
from tests.journeys.console_script import Ended, SameProcess
from tests.journeys.press import essay
from warehouse import connect

pytestmark = pytest.mark.timeout(600)

Rows = list[dict[str, object]]
#: The host of each kind of listing, and the numbers of the essays in the listing on the first night.
LISTED = {
    "rss.example": (1, 2),
    "atom.example": (3,),
    "jsonfeed.example": (4,),
    "sitemap.example": (5, 6),
    "section.example": (7,),
    "list.example": (8,),
}
#: Essays published long ago; all others are of 10 November, and the copy is two days younger.
LONG_AGO = {20: "2026-09-10", 21: "2026-08-01"}
#: The agency's piece (1), as another outlet prints it: with another headline, without the end, and with a new line.
COPY = "http://atom.example/opinion/copy"


def text_of(number: int) -> str:
    """Return an essay of about 300 words."""
    return f"{essay(number)}\n\n{essay(number + 500)}"


def page(
    number: int, text: str, title: str = "", day: str = "2026-11-10", changed: str = "2026-11-11"
) -> bytes:
    """Return a text as a page with its dates of publication and of the last change."""
    day = LONG_AGO.get(number, day)
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n"))
    return (
        f"<html lang='en'><head><title>{title or f'Essay {number}'}</title>"
        f"<meta property='article:published_time' content='{day}T08:00:00Z'>"
        f"<meta property='article:modified_time' content='{changed}T09:30:00Z'></head><body><article>"
        f"<h1>{title or f'What number {number} is about'}</h1>{paragraphs}</article></body></html>"
    ).encode()


@dataclass
class Web:
    """The present pages of a made-up web, by address, and the requests for them."""

    pages: dict[str, bytes] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)  #: addresses that redirect to other ones, for ever
    asked: list[tuple[str, int]] = field(
        default_factory=list
    )  #: requested addresses, and the status of each answer

    def answers(self, url: str) -> list[int]:
        """Return the status of each answer to an address since the last call."""
        return [status for asked, status in self.asked if asked == url]


@pytest.fixture(scope="module")
def web() -> Iterator[tuple[Web, int]]:
    """Serve a made-up web; yield it with its port."""
    there = Web()

    class Host(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = f"http://{self.headers['Host'].split(':')[0]}{self.path}"
            body = there.pages.get(url)
            etag = f'"{sha256(body or b"").hexdigest()[:16]}"'
            status = 404 if body is None else 304 if self.headers.get("If-None-Match") == etag else 200
            status = 301 if url in there.moved else status
            there.asked.append((url, status))
            self.send_response(status)
            if url in there.moved:
                self.send_header("Location", there.moved[url])
            self.send_header("ETag", etag)
            kind = "application/xml" if ".xml" in self.path else "text/html; charset=utf-8"
            self.send_header("Content-Type", "application/feed+json" if ".json" in self.path else kind)
            sent = (body or b"not here") if status != 304 else b""
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield there, server.server_port
    finally:
        server.shutdown()
        server.server_close()


def put_listings(web: Web, listed: dict[str, tuple[int, ...]]) -> None:
    """Put each outlet's listing on the web; the Atom feed also lists the copy, the RSS feed the old essays."""
    urls = {host: [f"http://{host}/opinion/{n}" for n in numbers] for host, numbers in listed.items()}
    dates = {f"http://rss.example/opinion/{n}": day for n, day in LONG_AGO.items()}
    rss = "".join(
        f"<item><title>x</title><link>{url}</link><pubDate>{dates.get(url, '2026-11-10')}</pubDate></item>"
        for url in [*urls["rss.example"], *dates]
    )
    atom = "".join(
        f"<entry><title>x</title><link href='{url}'/><id>{url}</id><updated>2026-11-10T00:00:00Z</updated></entry>"
        for url in [*urls["atom.example"], COPY]
    )
    sitemap = "".join(f"<url><loc>{url}</loc></url>" for url in urls["sitemap.example"])
    links = "".join(f"<a href='{url}'>A title of some length</a>" for url in urls["section.example"])
    urlset, index = (
        f"<{name} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{{}}</{name}>"
        for name in ("urlset", "sitemapindex")
    )
    items = [{"id": url, "url": url, "title": "x"} for url in urls["jsonfeed.example"]]
    web.pages |= {
        "http://rss.example/feed.xml": f"<rss version='2.0'><channel><title>R</title>{rss}</channel></rss>".encode(),
        "http://atom.example/atom.xml": (
            f"<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title>{atom}</feed>".encode()
        ),
        "http://jsonfeed.example/feed.json": json.dumps(
            {"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": items}
        ).encode(),
        "http://sitemap.example/sitemap.xml": index.format(
            "<sitemap><loc>http://sitemap.example/pages.xml.gz</loc></sitemap>"
        ).encode(),
        "http://sitemap.example/pages.xml.gz": gzip.compress(urlset.format(sitemap).encode(), mtime=0),
        "http://section.example/opinion/": f"<html><body>{links}</body></html>".encode(),
    }


def put_pages(web: Web) -> None:
    """Put the page of every essay on the web, with the copy and the old essays."""
    for host, numbers in {**LISTED, "rss.example": (*LISTED["rss.example"], *LONG_AGO)}.items():
        web.pages |= {f"http://{host}/opinion/{number}": page(number, text_of(number)) for number in numbers}
    kept = text_of(1).split("\n\n")[:-1]
    trimmed = "\n\n".join([*kept, "This piece first appeared elsewhere."])
    web.pages[COPY] = page(0, trimmed, "A harbour and its council", "2026-11-12")


def put_files(folder: Path) -> None:
    """Write local pages, texts and tables, a list of addresses, and a web archive."""
    shelf = folder / "shelf"
    shelf.mkdir()
    (shelf / "nine.html").write_bytes(page(9, text_of(9)))
    (shelf / "ten.txt").write_text(text_of(10), encoding="utf-8")
    (shelf / "eleven.md").write_text(f"# A headline\n\n{text_of(11)}", encoding="utf-8")
    row = {"url": "http://table.example/12", "title": "Twelve", "text": text_of(12)}
    (shelf / "rows.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    table = pa.table({"url": ["http://table.example/13"], "title": ["Thirteen"], "text": [text_of(13)]})
    pq.write_table(table, shelf / "rows.parquet")
    (folder / "urls.txt").write_text("# a list\nhttp://list.example/opinion/8\n", encoding="utf-8")
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page(14, text_of(14))
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://archive.example/opinion/14\r\n"
        "WARC-Date: 2026-11-11T08:00:00Z\r\nWARC-Record-ID: <urn:uuid:12345678-1234-5678-1234-567812345678>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    (folder / "crawl.warc.gz").write_bytes(gzip.compress(head.encode() + answer + b"\r\n\r\n"))


def put_configuration(folder: Path, port: int) -> None:
    """Write a configuration with a source of every kind; the RSS feed's items may be as old as the new essays."""
    days = (datetime.now(UTC) - datetime(2026, 10, 15, tzinfo=UTC)).days
    sources = {
        "rss": ("feed", "http://rss.example/feed.xml", f"since_days = {days}"),
        "atom": ("feed", "http://atom.example/atom.xml", 'outlet = "The Reprinter"'),
        "jsonfeed": ("feed", "http://jsonfeed.example/feed.json", ""),
        "sitemap": ("sitemap", "http://sitemap.example/sitemap.xml", ""),
        "section": ("section", "http://section.example/opinion/", "include = ['re:/opinion/[0-9]+$']"),
        "list": ("urls", "urls.txt", ""),
        "shelf": ("files", "shelf", ""),
        "crawl": ("warc", "crawl.warc.gz", ""),
    }
    tables = "".join(
        f'\n[[sources]]\nname = "{name}"\ntype = "{kind}"\nlocation = "{at}"\nkind = "opinion"\n{more}\n'
        for name, (kind, at, more) in sources.items()
    )
    hosts = ", ".join(f'"{host}" = "127.0.0.1:{port}"' for host in LISTED)
    target = '[[targets]]\nid = "tram"\nstatement = "The city needs a new tram line"\n'
    (folder / "commentariat.toml").write_text(
        f"[fetch]\ndelay_s = 0\nconnect_to = {{ {hosts} }}\n\n{target}{tables}", encoding="utf-8"
    )


@dataclass(frozen=True)
class Desk:
    """The folder in which the nights are run, and their outcomes."""

    commands: SameProcess
    web: Web
    nights: dict[str, Ended] = field(default_factory=dict)
    outcomes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    def query(self, sql: str) -> Rows:
        """Query the warehouse."""
        with connect(self.commands.here / "commentary") as reader:
            return reader.query(sql).to_pylist()

    def night(self, name: str, *options: str) -> None:
        """Run a night, and keep the outcome of each of its pieces, by the last part of the address."""
        self.web.asked.clear()
        self.nights[name] = self.commands.types("run", *options)
        assert self.nights[name].code in (0, 1), self.nights[name].err
        rows = self.query(
            "SELECT url, outcome FROM outcome WHERE run_id = (SELECT arg_max(run_id, started_at) FROM run)"
        )
        self.outcomes[name] = {str(row["url"]).rpartition("/")[2]: str(row["outcome"]) for row in rows}
        self.asked[name] = list(self.web.asked)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, web: tuple[Web, int], prefect_api: str) -> Desk:
    """Run all nights, one after the other."""
    there, port = web
    here = tmp_path_factory.mktemp("nights")
    put_pages(there)
    put_listings(there, LISTED)
    put_files(here)
    put_configuration(here, port)
    desk = Desk(SameProcess(here, prefect_api), there)
    desk.night("first")
    desk.night("nothing new")
    there.pages["http://rss.example/opinion/2"] = page(
        2, text_of(2) + "\n\nAnd one thing has to be added today.", changed="2026-11-14"
    )
    del there.pages["http://sitemap.example/opinion/6"]
    there.pages["http://section.example/opinion/15"] = page(15, text_of(15))
    put_listings(there, LISTED | {"section.example": (7, 15), "sitemap.example": (5,)})
    desk.night("changed")
    desk.night("backfill", "--since", "2026-09-01", "--until", "2026-10-01")
    desk.night("backfill again", "--since", "2026-09-01", "--until", "2026-10-01")
    return desk


def test_the_first_night_takes_in_a_piece_of_every_kind_and_the_copy_once(desk: Desk) -> None:
    expected = dict.fromkeys(map(str, range(1, 9)), "loaded") | {"copy": "duplicate", "14": "loaded"}
    expected |= dict.fromkeys(("nine.html", "ten.txt", "eleven.md", "12", "13"), "loaded")
    assert desk.outcomes["first"] == expected


def test_a_copy_names_its_original_and_is_counted_for_its_outlet(desk: Desk) -> None:
    (row,) = desk.query(
        "SELECT canonical.url, how, similarity, duplicate.outlet "
        "FROM duplicate JOIN article AS canonical ON canonical.article_id = duplicate_of"
    )
    assert row["url"] == "http://rss.example/opinion/1"
    assert row["outlet"] == "The Reprinter"
    assert row["how"] == "near"
    assert 0.7 < float(str(row["similarity"])) <= 1  # the similarity of the shortened copy


def test_unchanged_pages_are_not_sent_again(desk: Desk) -> None:
    assert set(desk.outcomes["nothing new"].values()) == {"unchanged"}
    asked = [(url, status) for url, status in desk.asked["nothing new"] if not url.endswith("/robots.txt")]
    sent = {url for url, status in asked if status != 304}
    # an index that has not changed does not tell whether its sitemaps have
    assert sent == {"http://sitemap.example/sitemap.xml"}


def test_a_changed_page_is_a_new_revision_and_is_scored_again(desk: Desk) -> None:
    assert desk.outcomes["changed"]["2"] == "revised"
    scored = desk.query(
        "SELECT revision, stance.is_current FROM stance JOIN article USING (article_id, revision) "
        "WHERE url = 'http://rss.example/opinion/2' ORDER BY revision"
    )
    assert scored == [{"revision": 1, "is_current": False}, {"revision": 2, "is_current": True}]


def test_each_revision_has_the_time_of_change_that_its_page_stated(desk: Desk) -> None:
    rows = desk.query(
        "SELECT revision, modified_at FROM article WHERE url = 'http://rss.example/opinion/2' ORDER BY revision"
    )
    assert [(row["revision"], row["modified_at"]) for row in rows] == [
        (1, datetime(2026, 11, 11, 9, 30, tzinfo=UTC)),
        (2, datetime(2026, 11, 14, 9, 30, tzinfo=UTC)),
    ]
    with connect(desk.commands.here / "commentary") as reader:
        (revised,) = reader.saved("revisions").to_pylist()
    assert revised["modified_at"] == rows[1]["modified_at"]


def test_a_page_that_vanished_keeps_its_row(desk: Desk) -> None:
    (row,) = desk.query(
        "SELECT title, is_current FROM article WHERE url = 'http://sitemap.example/opinion/6'"
    )
    assert row == {"title": "What number 6 is about", "is_current": True}
    assert desk.outcomes["changed"]["6"] == "fetch_failed"


def test_a_new_page_is_loaded_beside_those_that_are_unchanged(desk: Desk) -> None:
    rest = {name: end for name, end in desk.outcomes["changed"].items() if name not in {"2", "6"}}
    assert rest.pop("15") == "loaded"
    assert set(rest.values()) == {"unchanged"}


def test_pieces_older_than_the_sources_limit_are_taken_in_only_by_a_backfill(desk: Desk) -> None:
    assert "20" not in desk.outcomes["first"]
    assert desk.outcomes["backfill"]["20"] == "loaded"
    assert "21" not in desk.outcomes["backfill"]


def test_a_backfill_also_tries_what_is_due_from_earlier_runs_whenever_it_was_published(desk: Desk) -> None:
    assert desk.outcomes["backfill"]["6"] == "fetch_failed", "it is of November, and failed the night before"
    described = NightRequest.model_fields["since"].description or ""
    for text in (desk.commands.types("run", "--help").out, described):
        assert "what is due from earlier runs is taken in too" in " ".join(
            text.lower().replace("│", "").split()
        )


def test_a_backfill_takes_only_what_is_missing(desk: Desk) -> None:
    assert "loaded" not in desk.outcomes["backfill again"].values()
    assert desk.query("SELECT count(*) AS n FROM article WHERE is_current") == [{"n": 16}]
