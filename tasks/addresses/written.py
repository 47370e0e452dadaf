"""Addresses as people and programs write them in a text or a table: with a scheme, or from ``www.`` on."""

import re

from tasks.addresses.urls import canonical_url

_BEGINS = re.compile(r"\A\s*[\"'<]?(?:[a-z][a-z0-9+.-]{1,10}://|www\.)", re.IGNORECASE)
_MARKS = " \"'<>"


def begins_as_address(text: str) -> bool:
    """Say whether a text is written as an address, such as ``www.gull.example/x`` or ``<https://gull.example>``."""
    return _BEGINS.match(text) is not None


def written_address(text: str) -> str:
    """Give the canonical URL of the address that a text is; ``www.gull.example/x`` is one too.

    Raises
    ------
    InputError
        When it is none of a page on the web.
    """
    address = text.strip()
    if address[:1] in _MARKS:
        address = address.strip(_MARKS)
    return canonical_url(f"https://{address}" if address.lower().startswith("www.") else address, "")
