"""A line of JSON lines: one row, read in the same way wherever it is read."""

from codecs import BOM_UTF8
from typing import Any

import orjson

from tasks.text.characters import json_without_halves


def read_json_row(line: bytes | str) -> Any:  # noqa: ANN401 - whatever is written there
    """Read a line, also behind the mark that Notepad writes first; half of a surrogate pair in it becomes U+FFFD.

    Raises
    ------
    orjson.JSONDecodeError
        When it is not JSON.
    """
    content = line.removeprefix(BOM_UTF8) if isinstance(line, bytes) else line
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        # Bytes that are no UTF-8 become single surrogates, which are refused here too.
        text = content if isinstance(content, str) else content.decode("utf-8", errors="surrogateescape")
        without_halves = json_without_halves(text)
        if without_halves == text:
            raise
        return orjson.loads(without_halves)
