"""Titles and names in listings as plain text."""

import re
from html import unescape
from typing import Final

# The pattern does not continue after the next "<", so that each byte is read once, whatever the content is.
_TAGS: Final = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
# A longer title is not a title. The limit also ensures that no number in it has more digits than Python can read.
_MAX_CHARS: Final = 4_000
_MAX_HINT: Final = 1_000


def plain_hint(text: str | None) -> str | None:
    """Give a title or a name without tags and escapes, on one line; None if nothing remains.

    Examples
    --------
    >>> plain_hint("Cities &#8211; <em>and</em> &amp;lt;b&amp;gt;towns&amp;lt;/b&amp;gt;")
    'Cities – and &lt;b&gt;towns&lt;/b&gt;'
    """
    if not text:
        return None
    # Many listings escape their HTML twice, so tags may appear only after the text is unescaped.
    return " ".join(_TAGS.sub("", unescape(_TAGS.sub("", text[:_MAX_CHARS]))).split())[:_MAX_HINT] or None
