"""A piece is taken down while its feed still lists it, first under the same address and then under a new one."""

from pathlib import Path

import pytest

from tests.journeys.console_script import SameProcess
from tests.journeys.test_every_source import Web, text_of, web
from tests.warehouse.contents import files_with
from warehouse import connect

__all__ = ["web"]

pytestmark = pytest.mark.timeout(600)

HEADLINE = "Zeppelins over the harbour"
CANONICAL = "http://press.example/opinion/zeppelins-over-the-harbour"
LISTED = "http://press.example/item/71"
LATER = "http://press.example/newsletter/71"
MOVED, BEHIND = "http://press.example/item/72", "http://press.example/opinion/zeppelins"
NAMES_ITS_ADDRESS = f"<link rel='canonical' href='{CANONICAL}'>"


def put_page(web: Web, url: str, head: str = NAMES_ITS_ADDRESS) -> None:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in text_of(71).split("\n\n"))
    web.pages[url] = (
        f"<html lang='en'><head><title>{HEADLINE}</title>{head}</head>"
        f"<body><article><h1>{HEADLINE}</h1>{paragraphs}</article></body></html>"
    ).encode()


def put_feed(web: Web, *urls: str) -> None:
    items = "".join(f"<item><title>{HEADLINE}</title><link>{url}</link></item>" for url in urls)
    feed = f"<rss version='2.0'><channel><title>P</title>{items}</channel></rss>"
    web.pages["http://press.example/feed.xml"] = feed.encode()


def configure(folder: Path, port: int) -> None:
    (folder / "commentariat.toml").write_text(
        f'[fetch]\ndelay_s = 0\nconnect_to = {{ "press.example" = "127.0.0.1:{port}" }}\n'
        '[[sources]]\nname = "press"\ntype = "feed"\nlocation = "http://press.example/feed.xml"\nkind = "opinion"\n',
        encoding="utf-8",
    )


def test_no_later_night_brings_back_what_was_taken_down(
    tmp_path: Path, web: tuple[Web, int], prefect_api: str
) -> None:
    there, port = web
    for url in (LISTED, LATER, CANONICAL):
        put_page(there, url)
    put_feed(there, LISTED)
    configure(tmp_path, port)
    desk, warehouse = SameProcess(tmp_path, prefect_api), tmp_path / "commentary"
    assert desk.types("run").code == 0
    assert files_with(warehouse, HEADLINE)
    ended = desk.types("takedown", "--url", f"{LISTED}?utm_source=mail", "--reason", "Asked for.", "--yes")
    assert ended.code == 0, ended.err
    assert LISTED in ended.out and CANONICAL in ended.out
    assert files_with(warehouse, HEADLINE) == []
    for listed in ((LISTED, CANONICAL, LATER), (LISTED, LATER)):
        put_feed(there, *listed)
        desk.types("run")
        assert files_with(warehouse, HEADLINE) == [], listed
    with connect(warehouse) as reader:
        assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [0]
        gone = reader.query("SELECT url FROM tombstone ORDER BY url")["url"].to_pylist()
        came = reader.query("SELECT url FROM outcome WHERE outcome = 'taken_down'")["url"].to_pylist()
    assert gone == sorted((CANONICAL, LISTED, LATER))
    assert came == [LATER]
    assert desk.types("verify").code == 0


@pytest.mark.parametrize("named", [MOVED, BEHIND], ids=["listed", "behind"])
def test_a_piece_behind_a_redirect_is_taken_down_by_either_address_and_comes_back_under_none(
    tmp_path: Path, web: tuple[Web, int], prefect_api: str, named: str
) -> None:
    """The page names no canonical address, so the piece is stored under the one that the feed lists."""
    there, port = web
    put_page(there, BEHIND, head="")
    there.moved[MOVED] = BEHIND
    put_feed(there, MOVED)
    configure(tmp_path, port)
    desk, warehouse = SameProcess(tmp_path, prefect_api), tmp_path / "commentary"
    assert desk.types("run").code == 0
    with connect(warehouse) as reader:
        assert reader.query("SELECT url FROM article")["url"].to_pylist() == [MOVED]
    ended = desk.types("takedown", "--url", named, "--reason", "Asked for.", "--yes")
    assert (ended.code, "not found" in ended.out) == (0, False), ended.err
    assert MOVED in ended.out and BEHIND in ended.out
    for listed in ((MOVED, BEHIND), (BEHIND,)):
        put_feed(there, *listed)
        desk.types("run")
        assert files_with(warehouse, HEADLINE, text_of(71)[:40]) == [], listed
    with connect(warehouse) as reader:
        assert reader.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [0]
        assert reader.query("SELECT url FROM tombstone ORDER BY url")["url"].to_pylist() == [MOVED, BEHIND]
        assert reader.query("SELECT count(final_url) AS n FROM visit")["n"].to_pylist() == [0]
    assert desk.types("verify").code == 0
