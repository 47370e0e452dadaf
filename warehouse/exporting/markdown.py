"""Texts from outside in Markdown: names of outlets and addresses come from the network, and are shown unchanged."""

from __future__ import annotations

import re

# Characters that begin or end something in Markdown: code, emphasis, links, pictures, HTML, cells, entities, and text
# that many programs turn into a link. An underscore within a word has no such meaning.
_MARK = re.compile(
    r"[\\`*\[\]<>|~&@]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=:)/(?=/)|(?<=www)\.", re.IGNORECASE
)


def in_markdown(text: str) -> str:
    """Escape text so that Markdown shows it unchanged, in one line; it also fits into the cell of a table."""
    return _MARK.sub(r"\\\g<0>", " ".join(text.split()))
