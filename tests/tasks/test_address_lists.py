"""Lists of addresses are read as programs of many kinds write them."""

import pytest

from tasks.address_lists import is_address, lines_of

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
