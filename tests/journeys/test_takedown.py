"""A piece is taken down while its feed still lists it, first under the same address and then under a new one."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.journeys.console_script import SameProcess
from tests.journeys.test_every_source import Web, page, text_of, web
from tests.warehouse.contents import files_with
from warehouse import Writer, connect

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


def put_feed(web: Web, *urls: str, others: Sequence[str] = ()) -> None:
    titles = dict.fromkeys(urls, HEADLINE) | dict.fromkeys(others, "Another piece")
    items = "".join(f"<item><title>{title}</title><link>{url}</link></item>" for url, title in titles.items())
    feed = f"<rss version='2.0'><channel><title>P</title>{items}</channel></rss>"
    web.pages["http://press.example/feed.xml"] = feed.encode()


def configure(folder: Path, port: int, more: str = "") -> None:
    (folder / "commentariat.toml").write_text(
        f'[fetch]\ndelay_s = 0\nconnect_to = {{ "press.example" = "127.0.0.1:{port}" }}\n'
        '[[sources]]\nname = "press"\ntype = "feed"\nlocation = "http://press.example/feed.xml"\nkind = "opinion"\n'
        + more,
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


@pytest.mark.parametrize("publish_every", [1, 100], ids=["within the intake", "before the backlog"])
def test_no_snapshot_shows_the_headline_of_a_piece_that_was_recognised_as_one_that_was_taken_down(
    tmp_path: Path,
    web: tuple[Web, int],
    prefect_api: str,
    monkeypatch: pytest.MonkeyPatch,
    publish_every: int,
) -> None:
    """A feed gives the headline anew under an unknown address, and only the page tells which piece it is.

    Once the page has been read, no snapshot may show the headline, neither one within a long intake nor one from which
    readers see what was taken in while a long backlog is being read.
    """
    there, port = web
    others = [f"http://press.example/opinion/other-{number}" for number in (1, 2)]
    for number, url in enumerate(others, start=1):
        there.pages[url] = page(number, text_of(number))
    for url in (LISTED, LATER):
        put_page(there, url)
    put_feed(there, LISTED, others=others)
    steps = f"[run]\nbatch_size = 1\npublish_every = {publish_every}\n"
    configure(tmp_path, port, steps)
    desk = SameProcess(tmp_path, prefect_api)
    assert desk.types("run").code == 0
    assert desk.types("takedown", "--url", LISTED, "--reason", "Asked for.", "--yes").code == 0
    put_feed(there, LATER, others=others)
    configure(
        tmp_path, port, f'{steps}[[targets]]\nid = "harbour"\nstatement = "The harbour should be closed"\n'
    )
    seen: list[tuple[int, int, int]] = []
    publish = Writer.publish

    def and_look(writer: Writer) -> Path:
        path = publish(writer)
        with connect(writer.root) as reader:
            counted = (
                f"item WHERE title_hint = '{HEADLINE}'",
                "outcome WHERE outcome = 'taken_down'",
                "scored WHERE target = 'harbour'",
            )
            listed, recognised, answered = (
                reader.query(f"SELECT * FROM {rows}").num_rows for rows in counted
            )
        seen.append((listed, recognised, answered))
        return path

    with monkeypatch.context() as patched:
        patched.setattr(Writer, "publish", and_look)
        assert desk.types("run").code == 0
    assert any(recognised and not answered for _, recognised, answered in seen), "before the backlog"
    assert seen[-1] == (0, 1, 2)
    assert [snapshot for snapshot in seen if snapshot[0] and snapshot[1]] == []
