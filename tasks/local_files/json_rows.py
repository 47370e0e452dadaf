"""A line of JSON lines: one row, read in the same way wherever it is read."""

import json
from codecs import BOM_UTF8
from typing import Any

import orjson

from tasks.text.characters import json_without_halves


def read_json_row(line: bytes) -> Any:  # noqa: ANN401 - whatever is written there
    """Read a line, also after the mark that Notepad writes first.

    Two faults that programs make cost no row: half of a surrogate pair becomes U+FFFD, and ``NaN``, which Python writes
    for a missing value of a data frame, becomes None.

    Raises
    ------
    orjson.JSONDecodeError
        When it is not JSON.
    """
    content = line.removeprefix(BOM_UTF8)
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        try:
            return json.loads(json_without_halves(content.decode()), parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            pass  # the other error says more
        raise
