"""JSON lines, written as they come: to a file, or to standard output."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from commentariat import InputError


@contextmanager
def json_lines_writer(output: Path | None) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Give a function that writes one record a line; without a file they go to standard output.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    if output is None:
        yield lambda record: print(_line(record), flush=True)
        return
    try:
        with output.open("w", encoding="utf-8") as file:
            yield lambda record: print(_line(record), file=file)
    except OSError as error:
        raise InputError(f"{output}: cannot be written: {error.strerror}") from error


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, default=str)
