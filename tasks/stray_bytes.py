"""UTF-8 with a few wrong bytes in it, as editors and spreadsheets leave them in files that are put together."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from typing import Final

__all__ = ["REPAIRED", "count_utf8", "decoded_line"]

REPAIRED: Final = "commentariat-stray"
"""Name of the way to decode in which a stray quotation mark or dash of Windows is repaired; any other wrong byte
becomes U+FFFD."""

# Single bytes of cp1252 that word processors leave in UTF-8 pages: quotation marks, dashes, ellipsis, bullet.
_STRAY = {byte: bytes([byte]).decode("cp1252") for byte in (0x85, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97)}


def count_utf8(lines: Iterable[bytes]) -> tuple[int, int]:
    """Count the characters beyond ASCII that are valid UTF-8, and the sequences of bytes that are not.

    Text in another encoding is almost never valid UTF-8 by chance: if more is valid than wrong, it is UTF-8.
    """
    valid = wrong = 0
    for line in lines:
        if not line.isascii():
            text = line.decode("utf-8", "replace")
            broken = text.count("\ufffd") - line.count(b"\xef\xbf\xbd")
            valid += sum(not character.isascii() for character in text) - broken
            wrong += broken
    return valid, wrong


def decoded_line(line: bytes, encoding: str) -> str:
    """Decode a line of a file that is put together; one without any valid character of UTF-8 came from Windows."""
    if encoding.startswith("utf-8") and not line.isascii():
        valid, wrong = count_utf8([line])
        if wrong and not valid:
            return line.decode("cp1252", errors=REPAIRED)
    return line.decode(encoding, errors=REPAIRED)


def _stray(error: UnicodeError) -> tuple[str, int]:
    """Codec error handler: a single cp1252 quotation mark or dash is repaired, any other byte becomes U+FFFD."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.end]
    if len(broken) == 1 and broken[0] in _STRAY:
        return _STRAY[broken[0]], error.end
    return "\ufffd", error.end


codecs.register_error(REPAIRED, _stray)
