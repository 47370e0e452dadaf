"""The marks of footnotes in a page, which extractors would write after the words: "as promised.1"."""

from __future__ import annotations

import re

__all__ = ["without_footnote_marks"]

_NUMBER = r"\[?(?:\d{1,3}|\*)\]?"
_SUP, _END_OF_SUP = r"<sup(?:\s[^<>]{0,200})?>\s{0,5}", r"\s{0,5}</sup>"


def _link(address: str, inside: str) -> str:
    return rf"<a\s[^<>]{{0,300}}\bhref\s{{0,3}}=\s{{0,3}}[\"']?{address}[^<>]{{0,300}}>\s{{0,5}}{inside}\s{{0,5}}</a>"


_PLACE = r"[^\"'\s<>#]{0,300}#"
#: The name of a place in the same page; or of a footnote, where the page gives its own address before the name.
_PLACE_OF_NOTE = rf"(?:#|{_PLACE}[^\"'\s<>]{{0,40}}?(?:note|fn|ftn|edn|ref|cite))"
_SPAN = rf"(?:<span(?:\s[^<>]{{0,200}})?>)?\s{{0,5}}{_NUMBER}\s{{0,5}}(?:</span>)?"
# A raised number is a mark of reference wherever it leads; another one is only if it leads to a place in this page.
_RAISED = _link(_PLACE, f"{_SUP}{_NUMBER}{_END_OF_SUP}")
_PLAIN = _link(_PLACE_OF_NOTE, _SPAN)
_IN_SUP = _link(_PLACE, _SPAN)
# Behind a word, not in front of one: "12 comments" may be such a link too; "$12" and "COVID-19" are one word.
_BEHIND = (
    r"(?:(?<=[^\s<>($£€\-–/#\[])(?<!&nbsp;)(?<!&#160;)"
    r"|(?<=</a>)|(?<=</i>)|(?<=</em>)|(?<=</b>)|(?<=</strong>)|(?<=</span>))"
)
_MARK = re.compile(
    rf"{_SUP}\[?{_IN_SUP}(?:[\s,]{{0,3}}{_IN_SUP}){{0,5}}\]?{_END_OF_SUP}|\[{_PLAIN}\]|{_BEHIND}(?:{_RAISED}|{_PLAIN})",
    re.IGNORECASE,
)


def without_footnote_marks(page: str) -> str:
    """Remove the numbers that lead to footnotes; a number that is a link to another page is the author's."""
    return _MARK.sub("", page) if "#" in page else page
