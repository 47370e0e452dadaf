"""Lists of addresses are read as programs of many kinds write them."""

from pathlib import Path

import pytest

from tasks.addresses.address_lists import address_meant_by, is_address, lines_of

LISTED = ["https://a.example/1", "HTTPS://a.example/2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_list_is_the_same_whatever_editor_wrote_it(encoding: str, end: str):
    text = end.join(["# to read", LISTED[0], "", f"  {LISTED[1]} ", ""])
    assert lines_of(text.encode(encoding)) == LISTED


def test_an_address_is_a_whole_line():
    assert all(map(is_address, LISTED))
    assert not any(
        map(is_address, ["https://a.example/1 Title", "a.example/1", "ftp://a.example/", "https://"])
    )


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("example.com/feed.xml", "https://example.com/feed.xml"),
        ("www.example.co.uk/opinion/feed.xml", "https://www.example.co.uk/opinion/feed.xml"),
        ("feed.xml", ""),
        ("lists/feed.xml", ""),
        ("mirror.example/feed.xml", ""),
    ],
)
def test_a_missing_file_in_a_missing_folder_named_like_a_host_may_be_an_address(
    tmp_path: Path, name: str, meant: str
):
    (tmp_path / "mirror.example").mkdir()
    assert address_meant_by(tmp_path / name) == (f"; for a page on the web write {meant}" if meant else "")
