"""The text of one document of Nexis: its head of labelled lines, its body and the index below it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.extract.metadata.authors import byline_names
from tasks.text.dates import parse_time

__all__ = ["read_nexis"]

#: The head has at most so many lines that are not blank, and none of them is longer.
_MOST_HEAD_LINES = 40
_LONGEST_LINE = 300
_BODY = re.compile(r"^[ \t]*BODY:?[ \t]*$", re.MULTILINE | re.IGNORECASE)
_LABEL = re.compile(
    r"(HEADLINE|BYLINE|SECTION|LENGTH|DATELINE|HIGHLIGHT|SERIES|GRAPHIC|SOURCE"
    r"|TITLE|AUTHORS?|BY|DATE|PUBLISHED|URL|OUTLET):[ \t]*(\S.*)?$",
    re.IGNORECASE,
)
#: Labels that people write themselves; Nexis prints the date and the newspaper without any.
_OF_PEOPLE = frozenset({"title", "author", "authors", "by", "date", "published", "url", "outlet"})
_LENGTH = re.compile(r"\d[\d,]{0,8} words\b", re.IGNORECASE)
#: Lines of the head that name neither the newspaper nor the article.
_OF_THE_DATABASE = re.compile(
    r"\d{1,5} of \d{1,5} DOCUMENTS?$|(?:Copyright|©)\b|All Rights Reserved|(?:\w{1,20} ){0,4}Editions?(?: - \w{1,20})?$"
    r"|Correction Appended$",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"(?:URL|SUBJECT|COMPANY|ORGANIZATION|PERSON|PEOPLE|TICKER|INDUSTRY|CITY|STATE|COUNTRY|REGION|GEOGRAPHIC|LOAD-DATE"
    r"|LANGUAGE|DOCUMENT-TYPE|PUBLICATION-TYPE|PUB-TYPE|JOURNAL-CODE|ACC-NO|GRAPHIC|CORRECTION-DATE)"
    r":[ \t]*\S|(?:Copyright|©) ?(?:\(c\) )?\d{4}\b|All Rights Reserved|End of Document$|Classification$",
    re.IGNORECASE,
)
#: One of these is in every index; without it, the labels may be the author's.
_OF_AN_INDEX = re.compile(r"^[ \t]*(?:LOAD-DATE:|End of Document[ \t]*$)", re.MULTILINE | re.IGNORECASE)
_LOADED = re.compile(r"^[ \t]*LOAD-DATE:[ \t]*(\S.{0,60})$", re.MULTILINE | re.IGNORECASE)
_WEEKDAY_BEHIND = re.compile(
    r",? (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?=$| \d{1,2}:\d\d)", re.IGNORECASE
)
#: Parts of a section that say where it was printed and not what it is.
_PLACE_IN_PRINT = re.compile(r"(?:Section|Column|Pg|Pages?|Part|Version)\b", re.IGNORECASE)


def read_nexis(text: str) -> tuple[dict[str, str], str] | None:
    """Separate head and index from the body of a document of Nexis; None if the text is none, or holds several.

    A text counts as one if a line ``BODY`` is below at least two labels, of which one gives the length in words, a
    headline or a byline. If people have added labels of their own, no value goes on in the next line.

    Returns
    -------
    tuple
        The fields ``title``, ``author``, ``date``, ``outlet``, ``section`` and ``subtitle`` that are stated, and the
        body.
    """
    bodies = list(_BODY.finditer(text))
    if len(bodies) != 1:
        return None
    head = [line.strip() for line in text[: bodies[0].start()].split("\n") if line.strip()]
    if not 2 <= len(head) <= _MOST_HEAD_LINES or max(map(len, head)) > _LONGEST_LINE:
        return None
    labels, plain = _parts(head)
    has_length = _LENGTH.match(labels.get("length", "")) is not None
    if labels.keys() & _OF_PEOPLE and not has_length and not all(map(_LABEL.match, head)):
        return None
    is_known = "headline" in labels or "byline" in labels or has_length
    if len(labels) < 2 or not is_known:
        return None
    body, below = _without_index(text[bodies[0].end() :].strip("\n"))
    if not body.strip():
        return None
    fields = {name: value for name, value in labels.items() if name in _OF_PEOPLE and value}
    fields |= _of_plain_lines(plain)
    if (
        not fields.keys() & {"date", "published"}
        and (loaded := _LOADED.search(below))
        and _is_date(loaded[1])
    ):
        fields["date"] = _day(loaded[1])
    names = byline_names(byline := labels.get("byline", "")) or byline_names(f"By {byline}")
    stated = {
        "title": labels.get("headline", "") or labels.get("title", ""),
        "author": "; ".join(names),
        "section": _section(labels.get("section", "")),
        "subtitle": labels.get("highlight", ""),
    }
    return fields | {name: value for name, value in stated.items() if value}, body


def _parts(head: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Divide the lines of a head into labels with their values, which may go on in the next line, and other lines."""
    labels: dict[str, str] = {}
    plain: list[str] = []
    for line in head:
        last = next(reversed(labels), None)
        if label := _LABEL.match(line):
            labels.setdefault(label[1].lower(), (label[2] or "").strip())
        elif last is not None and last not in _OF_PEOPLE:
            labels[last] = f"{labels[last]} {line}".strip()
        elif not _OF_THE_DATABASE.match(line):
            plain.append(line)
    return labels, plain


def _of_plain_lines(lines: Sequence[str]) -> dict[str, str]:
    """Read the lines above the labels: newspaper, date and title, or title, newspaper and date."""
    place = next((number for number, line in enumerate(lines) if _is_date(line)), None)
    if place is None:
        return {}
    fields = {"date": _day(lines[place])}
    if place:
        fields["outlet"] = lines[place - 1]
    title = lines[place + 1 :] or lines[: max(0, place - 1)]
    return fields | ({"title": " ".join(title)} if title else {})


def _is_date(line: str) -> bool:
    return any(map(str.isdigit, line)) and parse_time(_day(line)) is not None


def _day(line: str) -> str:
    """Remove the day of the week that Nexis writes after a date."""
    return _WEEKDAY_BEHIND.sub("", line.strip())


def _section(value: str) -> str:
    """Give the last part of a section that does not name a place in print: "Section A; Editorial Desk; Pg. 23"."""
    parts = [part.strip() for part in value.split(";") if part.strip()]
    return next((part for part in reversed(parts) if not _PLACE_IN_PRINT.match(part)), "")


def _without_index(text: str) -> tuple[str, str]:
    """Separate a body from the labelled lines below it; the author's own paragraphs are never after them."""
    blocks = re.split(r"\n[ \t]*\n", text)
    end = len(blocks)
    while end and (not blocks[end - 1].strip() or _BELOW.match(blocks[end - 1].strip())):
        end -= 1
    below = "\n\n".join(blocks[end:])
    return ("\n\n".join(blocks[:end]), below) if _OF_AN_INDEX.search(below) else (text, "")
