"""Files that cannot be read as one page or text, by the ending of their name, and what to do with each."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tasks.file_endings import DELIMITED, FEEDS, HAVE_ROWS, TABLES
from tasks.outcome import printable

__all__ = ["ending_of", "is_never_a_page", "reason_for_folder", "remedy_for"]

_AS_TABLE: Final = (
    "a table of articles is a source of its own: give the file to `commentariat run --input`, or configure it with "
    'type = "table" and its location'
)
_AS_ROWS: Final = "its rows are read by `commentariat run --input` and `commentariat classify`"
_AS_LINES: Final = "write one JSON object a line, with the text under the key text, and call the file .jsonl"
_AS_FEED: Final = (
    "a feed is a source of its own: give the file to `commentariat run --input`, or configure it with "
    'type = "feed"'
)
_AS_ARCHIVE: Final = (
    "a web archive is a source of its own: give the file to `commentariat run --input`, or configure it with "
    'type = "warc"'
)
_AS_WORKBOOK: Final = "save the table as .xlsx or .csv, and name that file"
_UNPACKED: Final = "unpack it, and name what is in it"
_AS_TEXT: Final = "save the text as .txt, .md or .html"

_PACKED_ARCHIVES: Final = (".warc.gz", ".warc.zst", ".warc.lz4")
_REMEDIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(TABLES, _AS_TABLE),
        **dict.fromkeys(HAVE_ROWS, _AS_ROWS),
        ".json": _AS_LINES,
        **dict.fromkeys(FEEDS, _AS_FEED),
        **dict.fromkeys((".warc", *_PACKED_ARCHIVES), _AS_ARCHIVE),
        **dict.fromkeys((".xls", ".xlsm", ".xlsb", ".ods"), _AS_WORKBOOK),
        **dict.fromkeys((".gz", ".tgz", ".zip", ".bz2", ".xz", ".7z", ".tar", ".rar", ".zst"), _UNPACKED),
    }
)
# Mails and saved pages hold HTML below lines of another kind.
_HOLD_MORE: Final = frozenset({*DELIMITED, ".json", ".rtf", ".eml", ".mhtml", ".mht"})

# Editors add a tilde or a word to the name of a copy: "export.csv~", "export.csv_old". The copy of a text is a text.
_ENDING: Final = re.compile(r"(\.[a-z][a-z0-9]{0,15})(?:~|_\w{1,20})?")


def ending_of(path: Path) -> str:
    """Give the ending of a file's name in small letters and with its dot; empty if it has none that names a format.

    What follows the last dot of "St. Louis column" and of "Column 12.11.2026" is a part of the title.
    """
    name, suffix = path.name.lower(), path.suffix.lower()
    if archive := next((ending for ending in _PACKED_ARCHIVES if name.endswith(ending)), None):
        return archive
    if suffix in _REMEDIES:
        return suffix
    named = _ENDING.fullmatch(suffix)
    return named[1] if named and (named[1] == suffix or named[1] in _REMEDIES) else ""


def remedy_for(suffix: str) -> str:
    """Say what to do with a file that is not read because of its ending, which is in small letters and has its dot."""
    return _REMEDIES.get(suffix, _AS_TEXT)


def is_never_a_page(suffix: str) -> bool:
    """Say whether a file with this ending is no page, although it may begin like one."""
    return suffix in _HOLD_MORE


def reason_for_folder(folder: str, suffixes: Iterable[str]) -> str:
    """Say in one sentence how many files of a folder are not read, by their endings, and what to do with them."""
    counts = Counter(suffixes)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    listed = ", ".join(f"{count} {suffix}" for suffix, count in ordered)
    remedies: dict[str, list[str]] = {}
    for suffix, _ in ordered:
        remedies.setdefault(remedy_for(suffix), []).append(suffix)
    advice = "; ".join(f"{', '.join(named)}: {remedy}" for remedy, named in remedies.items())
    files = "1 file is" if sum(counts.values()) == 1 else f"{sum(counts.values())} files are"
    return printable(f"{folder}: {files} not read because of the ending ({listed}). {advice}")
