"""Addresses in text files and paths: lists with one address on each line, and addresses taken for files.

``#`` starts a line of a list that is a comment.
"""

import os
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

_READ_TO_TELL = 65_536
_LINES_TO_TELL = 100
_HOST = re.compile(r"([a-z0-9-]{1,63}\.){1,9}[a-z]{2,63}", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_BEGINS_WITH_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_BEFORE_A_REMARK = re.compile(r"\t| #")
# Commas and semicolons occur in addresses too: /7,75968,31234567,jeden.html, ;jsessionid=1. What follows the last one
# there is a number, the name of a file or a value, but not a single word; and it is neither empty nor another address.
_COLUMNS = re.compile(r"[,;]([^\W\d_]*$|[\"']|https?://)", re.IGNORECASE)


def lines_of(body: bytes) -> list[str]:
    """Give the lines of a list that are not empty and no comments, without the mark that Notepad writes first."""
    encoding = "utf-16" if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
    lines = (line.strip() for line in body.decode(encoding, errors="replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def is_address(line: str) -> bool:
    """Say whether a line is the address of a page and nothing else."""
    return _ADDRESS.fullmatch(line) is not None


def without_remark(line: str) -> str:
    """Give a line without the remark that may follow its address after a tab or `` #``."""
    return _BEFORE_A_REMARK.split(line, maxsplit=1)[0].rstrip()


def lists_addresses(path: Path) -> bool:
    """Say whether a file is such a list: its first lines begin with addresses, and one has no text after it.

    An address may contain spaces, and a remark may follow it after ``#`` or a tab. In a CSV file each line is an
    address and nothing else: another column after an address makes it a table.

    Raises
    ------
    OSError
        When the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_READ_TO_TELL)
    lines = lines_of(head)
    if len(head) == _READ_TO_TELL:
        lines = lines[:-1]  # the last one may not be whole
    lines = lines[:_LINES_TO_TELL]
    if path.suffix.lower() == ".csv":
        return bool(lines) and all(is_address(line) and not _COLUMNS.search(line) for line in lines)
    # A text may begin with an address too, but then goes on as a text.
    return all(map(_BEGINS_WITH_ADDRESS.match, lines)) and any(
        is_address(without_remark(line)) for line in lines
    )


def address_meant_by(path: Path) -> str:
    """Give the end of a message about a file that is not there: an address, if one without ``https://`` is named.

    What is missing then begins with a folder that has the name of a host, as in ``example.com/feed.xml``.
    """
    missing: list[str] = []
    while not os.path.lexists(path) and path.name:
        missing.insert(0, path.name)
        path = path.parent
    if len(missing) < 2 or _HOST.fullmatch(missing[0]) is None:
        return ""
    return f"; for a page on the web write https://{'/'.join(missing)}"
