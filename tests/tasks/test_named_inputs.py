"""The type of a source that is named on a command line, and what cannot be one."""

from pathlib import Path

import pytest

from commentariat import InputError
from tasks.named_inputs import source_from_input


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://a.example/feed", "feed"),
        ("https://a.example/opinion/rss.xml", "feed"),
        ("https://a.example/feeds/opinion", "feed"),
        ("https://a.example/feed.json", "feed"),
        ("https://a.example/index.atom", "feed"),
        ("https://a.example/opinion?format=rss", "feed"),
        ("https://a.example/?feed=rss2", "feed"),
        ("https://a.example/opinion?page=1&format=feed&type=atom", "feed"),
        ("https://a.example/opinion?rss", "feed"),
        ("https://a.example/2026/11/24/the-ferry.html?rss=1", "urls"),
        ("https://a.example/opinion?format=print", "section"),
        ("https://a.example/opinion?feedback=rss", "section"),
        ("https://a.example/x?type=press", "urls"),
        ("https://a.example/sitemap.xml", "sitemap"),
        ("https://a.example/news-sitemap-2026.xml.gz", "sitemap"),
        ("https://a.example/robots.txt", "sitemap"),
        ("https://a.example/", "section"),
        ("https://a.example/opinion/", "section"),
        ("https://a.example/2026/11/my-opinion-on-ferries", "urls"),
        ("https://a.example/opinion/why-rss-matters", "urls"),
        ("https://data.example/CC-NEWS-20261101.warc.gz", "warc"),
    ],
)
def test_the_path_of_an_address_decides_the_kind_of_source(text: str, kind: str) -> None:
    assert source_from_input(text).type == kind


def test_the_kind_of_file_decides_the_kind_of_source(tmp_path: Path) -> None:
    for name, content, kind in [
        ("op-ed.txt", "A text about ferries.\n", "files"),
        ("list.txt", "# to read\nhttp://a.example/1\n\nhttp://a.example/2\n", "urls"),
        ("notepad.txt", "\ufeffhttp://a.example/1\r\nHTTPS://a.example/2\r\n", "urls"),
        ("addresses.csv", "https://a.example/1\nhttps://a.example/2\n", "urls"),
        ("commas.txt", "https://a.example/1,2.html\n", "urls"),
        ("columns.csv", "https://a.example/x,Title one\nhttps://a.example/y,Title\n", "table"),
        ("short-columns.csv", "https://a.example/x,Title\n", "table"),
        ("spaces.txt", "https://a.example/my page.html\nhttps://a.example/b\n", "urls"),
        ("checked.txt", "https://a.example/x  # checked\n", "urls"),
        ("titles.lst", "https://a.example/x\tTitle one\nhttps://a.example/y\tTitle two\n", "urls"),
        ("commas.csv", "https://a.example/7,75968,31234567,jeden.html\nhttps://a.example/b\n", "urls"),
        ("session.csv", "https://a.example/x;jsessionid=1\n", "urls"),
        ("other-column.csv", "https://a.example/x;https://a.example/picture.jpg\n", "table"),
        ("empty-column.csv", "https://a.example/x,\nhttps://a.example/y,\n", "table"),
        ("quoted.csv", 'https://a.example/x,"Title"\n', "table"),
        ("remarks.txt", "https://a.example/1 is worth reading, and so is the other.\n", "files"),
        ("long.txt", "https://a.example/" + "x" * 65_000 + "\nhttps://a.example/" + "y" * 600, "urls"),
        ("page.html", "<p>hello", "files"),
        ("rows.jsonl", "{}", "files"),
        ("x.parquet", "", "files"),
        ("x.warc.gz", "", "warc"),
        ("feed.xml", "<rss/>", "feed"),
        ("sitemap.xml", "<urlset/>", "sitemap"),
    ]:
        (tmp_path / name).write_text(content, encoding="utf-8", newline="")
        assert source_from_input(str(tmp_path / name)).type == kind, name
    assert source_from_input(str(tmp_path)).type == "files"


@pytest.mark.parametrize(
    "text", ["/no/such/file", "www.a.example/opinion", "ftp://a.example/x", "http://", "mailto:a@b.c"]
)
def test_a_text_that_is_neither_address_nor_path_is_an_input_error_with_a_remedy(text: str) -> None:
    with pytest.raises(InputError) as caught:
        source_from_input(text)
    if text.startswith("www"):
        assert "https://www.a.example/opinion" in str(caught.value)


@pytest.mark.parametrize("text", ["a" * 300, "Cities should charge drivers. " * 10, "a@" + "b" * 300])
def test_a_text_in_place_of_a_path_is_refused_by_a_message(text: str) -> None:
    with pytest.raises(InputError):
        source_from_input(text)


def test_a_home_folder_that_is_not_known_is_refused_by_a_message() -> None:
    with pytest.raises(InputError, match="the home folder ~nosuchuser is not known"):
        source_from_input("~nosuchuser/page.html")
