"""Addresses are known as people write them, and names are not taken for addresses."""

import pytest

from commentariat import InputError
from tasks.addresses.written import begins_as_address, written_address


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (" https://gull.example/x ", "https://gull.example/x"),
        ("HTTP://gull.example/x", "http://gull.example/x"),
        ("www.gull.example/x", "https://www.gull.example/x"),
        (" WWW.Gull.example/x", "https://www.gull.example/x"),
        ("<https://gull.example/x>", "https://gull.example/x"),
        ('"www.gull.example/x"', "https://www.gull.example/x"),
        ("https://gull.example/the-gulls'", "https://gull.example/the-gulls'"),
    ],
)
def test_an_address_has_a_scheme_or_begins_with_www(written: str, canonical: str) -> None:
    assert begins_as_address(written) and written_address(written) == canonical


@pytest.mark.parametrize(
    "written", ["The Gull", "gull.example/x", "wwwhat", "n/a", "/opinion/x", "", "javascript:x"]
)
def test_anything_else_is_no_address(written: str) -> None:
    assert not begins_as_address(written)
    with pytest.raises(InputError):
        written_address(written)


@pytest.mark.parametrize("written", ["ftp://gull.example/x", "file:///home/ada/x.html"])
def test_an_address_of_another_kind_is_known_as_one_and_refused(written: str) -> None:
    assert begins_as_address(written)
    with pytest.raises(InputError):
        written_address(written)
