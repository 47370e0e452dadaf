"""UTF-8 and Windows-1252 in one file, as editors and spreadsheets leave them in files that are put together or cut."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from typing import Final

__all__ = ["REPAIRED", "count_utf8", "decoded_line", "ends_inside_a_character", "is_line_of_utf8"]

REPAIRED: Final = "commentariat-repaired"
"""Name of the way to decode in which a single quotation mark or dash of Windows is repaired; any other wrong byte
becomes U+FFFD."""

# Single bytes of cp1252 that word processors leave in UTF-8 pages: quotation marks, dashes, ellipsis, bullet.
_WINDOWS_MARKS = {
    byte: bytes([byte]).decode("cp1252") for byte in (0x85, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97)
}
# Letters of cp1252 with which words end, and whose bytes begin a character in UTF-8. The others (Â, Ã, â, ð, ...) begin
# the letters, quotation marks, dashes and emoji of UTF-8, and hardly any word ends with them.
_ENDS_OF_WORDS: Final = frozenset("àáãäåæçèéêëìíîïñòóôßÉ".encode("cp1252"))
#: So many characters beyond ASCII are not valid UTF-8 by chance.
_NEVER_BY_CHANCE: Final = 4
_LONGEST_CHARACTER: Final = 4


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


def ends_inside_a_character(text: bytes) -> bool:
    """Say whether a text ends in the middle of a character of UTF-8, as one does that was cut off.

    A last byte that is also a letter with which words end in Windows-1252 does not count.
    """
    for length in range(1, _LONGEST_CHARACTER):
        begun = text[-length:]
        if begun[:1] < b"\xc0":
            continue  # ASCII, or a byte inside a character
        try:
            is_whole = bool(codecs.getincrementaldecoder("utf-8")().decode(begun))
        except UnicodeDecodeError:
            return False
        return not is_whole and not (length == 1 and begun[0] in _ENDS_OF_WORDS)
    return False


def is_line_of_utf8(line: bytes) -> bool:
    """Say whether a line beyond ASCII in a file of Windows-1252 is in UTF-8 itself.

    By chance "É’" of Windows is one valid character of UTF-8 too, but one that no text in a Western language has.
    """
    if line.isascii():
        return False
    try:
        text = line.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        return False
    beyond = "".join(character for character in text if not character.isascii())
    if len(beyond) >= _NEVER_BY_CHANCE:
        return True
    try:
        beyond.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def decoded_line(line: bytes, encoding: str) -> str:
    """Decode a line of a file that is put together: a line may be in the other one of UTF-8 and Windows-1252.

    In a file of UTF-8, a line without any valid character of it came from Windows, unless it only ends inside one.
    """
    if encoding == "cp1252":
        if is_line_of_utf8(line):
            return line.decode("utf-8-sig")
    elif encoding.startswith("utf-8") and not line.isascii():
        line = line.removeprefix(codecs.BOM_UTF8)
        valid, wrong = count_utf8([line])
        if wrong and not valid and not (wrong == 1 and ends_inside_a_character(line)):
            return line.decode("cp1252", errors=REPAIRED)
    return line.decode(encoding, errors=REPAIRED)


def _repaired(error: UnicodeError) -> tuple[str, int]:
    """Codec error handler: a single cp1252 quotation mark or dash is repaired, any other byte becomes U+FFFD."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.end]
    if len(broken) == 1 and broken[0] in _WINDOWS_MARKS:
        return _WINDOWS_MARKS[broken[0]], error.end
    return "\ufffd", error.end


codecs.register_error(REPAIRED, _repaired)
