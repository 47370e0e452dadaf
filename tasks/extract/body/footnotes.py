"""The marks of footnotes in a page, which extractors would write behind the words: "as promised.1"."""

from __future__ import annotations

import re

__all__ = ["without_footnote_marks"]

#: A link to a place in the same page, with nothing in it but a small number.
_LINK = (
    r"<a\s[^<>]{0,300}\bhref\s{0,3}=\s{0,3}[\"']?[^\"'\s<>#]{0,300}#[^<>]{0,300}>\s{0,5}(?:<(?:sup|span)(?:\s[^<>]{0,200})?>)?"
    r"\s{0,5}\[?(?:\d{1,3}|\*)\]?\s{0,5}(?:</(?:sup|span)>)?\s{0,5}</a>"
)
# Behind a word, not in front of one: "12 comments" may be such a link too.
_BEHIND = r"(?:(?<=[^\s<>])|(?<=</a>)|(?<=</i>)|(?<=</em>)|(?<=</b>)|(?<=</strong>)|(?<=</span>))"
_MARK = re.compile(
    rf"<sup(?:\s[^<>]{{0,200}})?>\s{{0,5}}{_LINK}(?:[\s,]{{0,3}}{_LINK}){{0,5}}\s{{0,5}}</sup>|{_BEHIND}{_LINK}",
    re.IGNORECASE,
)


def without_footnote_marks(page: str) -> str:
    """Remove the numbers that lead to footnotes; a number that is a link to another page is the author's."""
    return _MARK.sub("", page) if "#" in page else page
