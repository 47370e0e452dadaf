"""The list or the object in one cell of a table, as JSON, PostgreSQL, Python and numpy write it."""

import ast
import re
from typing import Final

from tasks.local_files.json_rows import read_json_row

#: A longer text in Python's form is not parsed, because that takes much memory; the patterns below read it.
_LONGEST_LITERAL: Final = 20_000
_HEX: Final = "[0-9a-fA-F]"
# Without halves of surrogate pairs, which are no text.
_ESCAPE: Final = (
    rf"\\(?:[\\'\"abfnrtv]|x{_HEX}{{2}}|u(?![dD][89a-fA-F]){_HEX}{{4}}|U00(?:0[1-9a-fA-F]|10){_HEX}{{4}})"
)
#: What is parsed as Python: only constants in brackets. Two strings side by side are none, because numpy writes the
#: elements of a list so, and Python would join them.
_LITERAL: Final = re.compile(
    rf"\A(?:(?:'(?:[^'\\\n]|{_ESCAPE})*+'|\"(?:[^\"\\\n]|{_ESCAPE})*+\")(?=\s*[\]}}),:])"
    r"|[\[\]{}(),:\s]|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\b|(?:None|True|False)\b)*+"
)
#: One element of {"Jane Doe",Plato,NULL}.
_IN_QUOTES: Final = r"\"(?:[^\"\\]|\\.)*+"
_PLAIN: Final = r"[^\"'\\{},:()\[\]\s][^\"\\{},:()\[\]]*+"
_ELEMENT: Final = rf"{_IN_QUOTES}\"|{_PLAIN}"
_ARRAY: Final = re.compile(rf"\{{\s*+(?:{_ELEMENT})(?:,\s*+(?:{_ELEMENT}))*+\}}", re.DOTALL)
# The last mark is there wherever an array was found; that it may be missing keeps the search short on any other text.
_EACH: Final = re.compile(rf"{_IN_QUOTES}\"?|{_PLAIN}", re.DOTALL)
#: People in anything else that is written as objects: {"name": "Jane Doe", "born": datetime.date(1970, 1, 1)}.
_NAMED: Final = re.compile(
    r"[\"'](?:name|full_?name|display_?name)[\"']\s*:\s*(?:\"([^\"]+)\"|'([^']+)')", re.IGNORECASE
)
_QUOTED: Final = re.compile(r"\"([^\"]+)\"|'([^']+)'")


def value_in_cell(cell: str) -> object:
    """Give the list or the object in a cell, such as ``["Jane Doe", {"name": "Bo Chen"}]``; else the text of the cell.

    Of objects that cannot be read as such, only the names of people are given, and of such lists the strings in them.
    """
    text = cell.strip()
    if text[:1] not in ("[", "{", "(") or text[-1:] not in ("]", "}", ")"):
        return text
    for form in (_json, _postgres, _python):
        try:
            return form(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue  # it is written in another form
    if text.lstrip("[ ").startswith("{") and text.rstrip("] ").endswith("}"):
        return _found(_NAMED, text)
    if text.startswith("[") and text.endswith("]"):
        return _found(_QUOTED, text) or text[1:-1]
    return text


def _json(text: str) -> object:
    return read_json_row(text.encode(errors="replace"))


def _postgres(text: str) -> object:
    # Before Python, to which {"Jane Doe"} is a set.
    if not _ARRAY.fullmatch(text):
        raise ValueError("no array")
    return [_element(element) for element in _EACH.findall(text) if element.strip().upper() != "NULL"]


def _element(written: str) -> object:
    if not written.startswith('"'):
        return written.strip()
    element = re.sub(r"\\(.)", r"\1", written[1:-1], flags=re.DOTALL)
    try:
        return _json(element) if element.startswith("{") else element  # an array of objects
    except ValueError:
        return element


def _python(text: str) -> object:
    if len(text) > _LONGEST_LITERAL or not _LITERAL.fullmatch(text):
        raise ValueError("no literal")
    tree = ast.parse(text, mode="eval").body
    # A set would lose the order of its elements.
    return ast.literal_eval(ast.List(tree.elts, ast.Load()) if isinstance(tree, ast.Set) else tree)


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    return [double or single for double, single in pattern.findall(text)]
