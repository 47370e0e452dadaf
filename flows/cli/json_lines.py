"""JSON lines, written one by one to a file or to standard output."""

import codecs
import json
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from flows.cli.outputs import output_explained
from flows.cli.standard_output import standard_output

# Half of a pair of UTF-16, which UTF-8 cannot write. Python puts it into names of files that are not UTF-8.
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")

JSON_LINES_ENDINGS = (".jsonl", ".ndjson", ".json")

WriteRecord = Callable[[Mapping[str, Any]], None]


@contextmanager
def json_lines_writer(output: Path | None) -> Iterator[WriteRecord]:
    """Give a function that writes one record as one line; without a file it writes to standard output.

    What the file held before is removed when the first record is written, so that it stays if something fails before,
    and with the end of the block if there was no record. After a failure, the records written until then remain.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    if output is None:
        with standard_output() as stream:
            yield _writer_to(stream)
        return
    # A place that cannot be written is reported at once.
    with output_explained(output), output.open("a", encoding="utf-8") as file:
        write, is_new = _writer_to(file), True

        def write_anew(record: Mapping[str, Any]) -> None:
            nonlocal is_new
            if is_new:
                _empty(file)
                is_new = False
            write(record)

        yield write_anew
        if is_new:
            _empty(file)


def _empty(file: TextIO) -> None:
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # a pipe or a terminal has nothing to remove
        file.truncate(0)


def _writer_to(stream: TextIO) -> WriteRecord:
    has_every_character = codecs.lookup(stream.encoding or "utf-8").name.startswith("utf")

    def write(record: Mapping[str, Any]) -> None:
        line = json.dumps(record, ensure_ascii=False, default=str)
        line = _HALF_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", line)
        # Standard output may be in Latin-1: there, an escape of JSON gives every other character without a loss.
        print(line if has_every_character else json.dumps(json.loads(line)), file=stream)

    return write
