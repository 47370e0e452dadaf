"""The head of a text that has no page: front matter in YAML or TOML, fields, or plain lines."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from commentariat import InputError
from tasks.dates import parse_time
from tasks.extract.authors import byline_names

_YAML = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*\n", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z_]{2,30}):(.*)$", re.MULTILINE)
_LONGEST_FRONT_MATTER = 20_000
_LONGEST_TITLE = 200
_LONGEST_LINE = 120
_MOST_DATE_WORDS = 8


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """Separate the front matter from a text: give its fields in lower case, and the rest of the text.

    Raises
    ------
    InputError
        When the text between ``+++`` is not valid TOML.
    """
    head = text[:_LONGEST_FRONT_MATTER]
    if found := _YAML.match(head):
        written = ((name.lower(), value.strip().strip("\"'")) for name, value in _FIELD.findall(found[1]))
        return {name: value for name, value in written if value}, text[found.end() :]
    if found := _TOML.match(head):
        try:
            fields = tomllib.loads(found[1])
        except tomllib.TOMLDecodeError as error:
            raise InputError(
                f"the front matter between +++ is not valid TOML: {error}; mend it or take it out"
            ) from error
        written = ((name.lower(), _as_text(value)) for name, value in fields.items())
        return {name: value for name, value in written if value}, text[found.end() :]
    return {}, text


def _as_text(value: Any) -> str:  # noqa: ANN401 - a TOML value is any of TOML's types
    if isinstance(value, list):
        return "; ".join(filter(None, map(_as_text, value)))
    return "" if isinstance(value, dict) else str(value).strip()


def plain_lines(text: str) -> tuple[dict[str, str], str]:
    """Separate title, byline and date from a text that begins with them on a line each; otherwise take nothing.

    A title alone is not such a head: at least one of the two others must follow, so that a first sentence stays a
    sentence.
    """
    lines = text.split("\n")
    places = [n for n, line in enumerate(lines[:12]) if line.strip()][:4]
    if not places or len(lines[places[0]].strip()) > _LONGEST_TITLE or _is_byline_or_date(lines[places[0]]):
        return {}, text
    fields: dict[str, str] = {}
    end = places[0]
    for place in places[1:]:
        line = lines[place].strip()
        if names := _byline(line):
            name, value = "author", "; ".join(names)
        elif _is_date(line):
            name, value = "date", line
        else:
            break
        if name in fields:
            break
        fields[name], end = value, place
    rest = "\n".join(lines[end + 1 :])
    if not fields or not rest.strip():
        return {}, text
    return {"title": lines[places[0]].strip(), **fields}, rest


def _is_byline_or_date(line: str) -> bool:
    return bool(_byline(line.strip())) or _is_date(line.strip())


def _byline(line: str) -> tuple[str, ...]:
    return byline_names(line) if len(line) <= _LONGEST_LINE else ()


def _is_date(line: str) -> bool:
    return (
        len(line.split()) <= _MOST_DATE_WORDS and any(map(str.isdigit, line)) and parse_time(line) is not None
    )
