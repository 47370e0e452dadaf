"""The head of a text that has no page: front matter in YAML or TOML, fields, or plain lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from commentariat import InputError
from tasks.extract.metadata.authors import byline_names
from tasks.extract.paragraphs.head_lines import DATE_LABEL, PARTED
from tasks.extract.paragraphs.paragraph_kinds import is_boilerplate
from tasks.text.dates import parse_time

_YAML = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*\n", re.DOTALL)
_FIELD = re.compile(r"([A-Za-z_]{2,30}):(.*)$")
_TEXT_BELOW = re.compile(r"[>|][+-]?\d?[+-]?$")
_KEY = re.compile(r"([A-Za-z_][\w-]{0,30}):(?:[ \t]+(.*))?$")
_BEFORE_ITEM = re.compile(r"^[ \t]*(?:-[ \t]+)?")
_COMMENT = re.compile(r"(?:^|[ \t])#(?:[ \t].*)?$")
_LONGEST_FRONT_MATTER = 20_000
_LONGEST_TITLE = 200
_LONGEST_LINE = 120
_MOST_DATE_WORDS = 8
_MOST_NAME_WORDS = 3
#: A head is in the first lines of a text, and has few lines that are not blank.
_LAST_HEAD_LINE = 16
_MOST_HEAD_LINES = 8
#: A line of a few capitalised words above a date is a name, but not if it has one of these words of headlines.
_NOT_IN_NAMES = re.compile(
    r"\b(?:a|an|and|are|at|be|by|can|do|does|enough|for|from|get|how|i|if|in|is|its?|let|more|new|no|not|now|of|old|on"
    r"|one|or|our|say|so|stop|the|their|they|this|to|too|up|us|war|was|we|what|when|where|who|why|will|with|your?)\b",
    re.IGNORECASE,
)


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """Separate the front matter from a text: give its fields in lower case, and the rest of the text.

    Raises
    ------
    InputError
        When the text between ``+++`` is not valid TOML.
    """
    head = text[:_LONGEST_FRONT_MATTER]
    if matter := _YAML.match(head):
        return _yaml(matter[1].split("\n")), text[matter.end() :]
    if matter := _TOML.match(head):
        try:
            read = [(name.lower(), _as_text(value)) for name, value in tomllib.loads(matter[1]).items()]
        except (ValueError, RecursionError) as error:  # a number of 5,000 digits is no TOMLDecodeError
            raise InputError(
                f"the front matter between +++ is not valid TOML: {error}; mend it or take it out"
            ) from error
        return {name: value for name, value in read if value}, text[matter.end() :]
    return {}, text


def _yaml(lines: Sequence[str]) -> dict[str, str]:
    """Read the fields of a front matter in YAML; nothing of YAML is known but what people write for an article."""
    written: list[tuple[str, list[str]]] = []
    for line in lines:
        if field := _FIELD.match(line):
            written.append((field[1].lower(), [field[2].strip()]))
        elif line.startswith((" ", "\t", "-")) and written:
            written[-1][1].append(line.rstrip())
        elif line.strip() and not line.startswith("#"):
            written.append(("", [""]))  # a key that is no field ends the one above it
    read = ((name, _yaml_value(first, below)) for name, (first, *below) in written if name)
    return {name: value for name, value in read if value}


def _yaml_value(first: str, below: Sequence[str]) -> str:
    """Read a value and the indented lines below it: a text that goes on, a list, or people with their names."""
    if _TEXT_BELOW.match(first):
        return " ".join(filter(None, map(str.strip, below)))
    below = [line for line in below if line and not line.lstrip().startswith("#")]
    if _plain(first):
        return _plain(" ".join([first, *map(str.strip, below)]))
    items = [(len(line) - len(item), item) for line in below if (item := _BEFORE_ITEM.sub("", line))]
    # An item further to the right describes a person: an affiliation has a name too.
    return "; ".join(filter(None, (_named(item) for place, item in items if place == items[0][0])))


def _named(item: str) -> str:
    """Read an entry of a list, or the name of a person who is described by several keys."""
    key = _KEY.match(item)
    return _plain(item if key is None else (key[2] or "") if key[1] == "name" else "")


def _plain(value: str) -> str:
    """Remove the marks around a value, and a comment after it."""
    mark = value[:1]
    for end in range(1, len(value) if mark in ("'", '"') else 0):
        if value[end] != mark or value[end + 1 : end + 2] not in ("", " ", "\t"):
            continue
        if value[end + 1 :].lstrip()[:1] in ("", "#"):
            return value[1:end].strip()
    return _COMMENT.sub("", value).strip().strip("\"'")


def _as_text(value: Any) -> str:  # noqa: ANN401 - a TOML value is any of TOML's types
    if isinstance(value, list):
        return "; ".join(filter(None, map(_as_text, value)))
    return "" if isinstance(value, dict) else str(value).strip()


def plain_lines(text: str) -> tuple[dict[str, str], str]:
    """Separate title, subtitle, byline and date from a text that begins with them on a line each.

    Nothing is taken unless a byline or a date follows the title, so that a first sentence stays a sentence. Labels and
    buttons that were copied with the head ("Opinion", "5 min read") stay at the beginning of the text.

    Returns
    -------
    tuple
        The fields ``title``, ``subtitle``, ``author`` and ``date`` that the head has, and the rest of the text.
    """
    lines = text.split("\n")
    places = [n for n, line in enumerate(lines[:_LAST_HEAD_LINE]) if line.strip()][:_MOST_HEAD_LINES]
    labels = list(takewhile(lambda place: is_boilerplate(lines[place]), places))
    # A headline may read like a label ("More on the ferry").
    for above in (labels, []) if labels else ([],):
        fields, passed, end = _head(lines, places[len(above) :])
        rest = "\n".join(lines[end + 1 :])
        if fields and rest.strip():
            kept = [lines[place].strip() for place in (*above, *passed)]
            return fields, "\n\n".join([*kept, rest])
    return {}, text


def _head(lines: Sequence[str], places: Sequence[int]) -> tuple[dict[str, str], list[int], int]:
    """Read a head from its title on: its fields, the places of labels between its lines, and its last place."""
    if not places or _fields(first := lines[places[0]].strip()) or len(first) > _LONGEST_TITLE:
        return {}, [], -1
    fields, places = _title(lines, places)
    named, passed, end = False, [], -1
    for number, place in enumerate(places):
        line = lines[place].strip()
        in_line = _fields(line)
        below = lines[places[number + 1]].strip() if number + 1 < len(places) else ""
        if not in_line and not named and _is_name(line) and "date" in _fields(below):
            in_line = {"author": line}
        if in_line and not in_line.keys() & fields.keys():
            fields, named, end = fields | in_line, True, place
            continue
        if is_boilerplate(line) or (in_line and DATE_LABEL.match(line)):
            passed.append(place)
        elif not in_line and not named and "subtitle" not in fields and len(line) <= _LONGEST_TITLE:
            fields["subtitle"] = line
        else:
            break
    # A sentence above a date alone may be the beginning of a diary, and then it is the author's.
    is_sentence = fields.get("subtitle", "").endswith((".", "!", "…")) and "author" not in fields
    return (
        (fields, [place for place in passed if place < end], end)
        if named and not is_sentence
        else ({}, [], -1)
    )


def _title(lines: Sequence[str], places: Sequence[int]) -> tuple[dict[str, str], Sequence[int]]:
    """Read the title, which may go on in the next line; give the other places too."""
    title = lines[places[0]].strip()
    if len(places) > 1 and places[1] == places[0] + 1:
        second = lines[places[1]].strip()
        if second[:1].islower() and not _fields(second) and len(second) <= _LONGEST_TITLE:
            return {"title": f"{title} {second}"}, places[2:]
    return {"title": title}, places[1:]


def _fields(line: str) -> dict[str, str]:
    """Read a line of a head as a byline, a date, or both ("By Jane Doe | 3 May 2026"); empty if it is neither."""
    fields: dict[str, str] = {}
    for part in map(str.strip, PARTED.split(line)):
        date = DATE_LABEL.sub("", part).strip(" .")
        if names := byline_names(part) if len(part) <= _LONGEST_LINE else ():
            fields.setdefault("author", "; ".join(names))
        elif _is_date(date):
            fields.setdefault("date", date)
        elif not is_boilerplate(part):
            break
    else:
        return fields
    # What follows the names of a byline may be anything, such as an office or a place.
    return (
        {"author": "; ".join(names)} if len(line) <= _LONGEST_LINE and (names := byline_names(line)) else {}
    )


def _is_name(line: str) -> bool:
    words = line.split()
    return (
        2 <= len(words) <= _MOST_NAME_WORDS
        and not line.isupper()
        and bool(byline_names(f"By {line}"))
        and not _NOT_IN_NAMES.search(line)
    )


def _is_date(line: str) -> bool:
    return (
        len(line.split()) <= _MOST_DATE_WORDS and any(map(str.isdigit, line)) and parse_time(line) is not None
    )
