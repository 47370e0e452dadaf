"""Traces of printed pages in a plain text: page breaks, the lines beside them, and words divided by soft hyphens."""

from __future__ import annotations

import re
from collections import Counter

__all__ = ["without_page_breaks"]

_LONGEST_HEAD = 100
#: A line before a page break that is shorter than this, in characters, may be a headline and not half a sentence.
_SHORT = 40
_SOFT_HYPHEN = re.compile("\xad[ \t]*\r?\n[ \t]*")
_NUMBER = re.compile(r"\d+")
_ENDED = re.compile(r"[.!?…:;。！？][\"'”’)\]]*$")


def without_page_breaks(text: str) -> str:
    """Remove form feeds, with the page numbers and running heads beside them, and join words at soft hyphens.

    A line beside a form feed is a running head if it has a number and no small letter ("12 THE GAZETTE"), or if the
    same line is beside another form feed too, with any number. A paragraph that goes on after the page break is
    not divided there.
    """
    text = _SOFT_HYPHEN.sub("", text)
    if "\f" not in text:
        return text
    pages = [page.split("\n") for page in text.replace("\r\n", "\n").split("\f")]
    beside = Counter(
        _form(page[place])
        for number, page in enumerate(pages)
        for place in _edges(page, first=number > 0, last=number < len(pages) - 1)
    )
    for number, page in enumerate(pages):
        inside = _edges(page, first=number > 0, last=number < len(pages) - 1)
        # The first page has no form feed above it, and the last one may have none below it.
        for place in _edges(page, first=True, last=True):
            line = page[place]
            heads = beside[_form(line)] > (1 if place in inside else 0) and _NUMBER.search(line)
            if len(line.strip()) <= _LONGEST_HEAD and (heads or (place in inside and _is_head(line))):
                page[place] = ""
    parts: list[str] = []
    for page in pages:
        below = "\n".join(page).strip("\n").rstrip()
        if below:
            parts += [_between(parts[-1], below), below] if parts else [below]
    return "".join(parts)


def _edges(page: list[str], *, first: bool, last: bool) -> set[int]:
    """Give the places of the first and the last line of a page that is not blank."""
    places = [place for place, line in enumerate(page) if line.strip()]
    return (
        {place for place, wanted in ((places[0], first), (places[-1], last)) if wanted} if places else set()
    )


def _form(line: str) -> str:
    return " ".join(_NUMBER.sub("0", line).split())


def _is_head(line: str) -> bool:
    return bool(_NUMBER.search(line)) and not any(letter.islower() for letter in line)


def _between(above: str, below: str) -> str:
    """Choose a line break if a paragraph goes on after a page break, otherwise a blank line."""
    last, first = above.rsplit("\n", 1)[-1].strip(), below.lstrip()
    goes_on = first[:1].islower() or (len(last) >= _SHORT and not _ENDED.search(last))
    return "\n" if goes_on else "\n\n"
