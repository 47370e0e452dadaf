"""The outputs of commands that pages show, in blocks that begin with ``$ make run`` or ``$ commentariat``.

The output of a command on another day, in another folder or on another processor may differ from the page in the name
of the run, the folder, the times, and slightly in numbers. Everything else that a page shows must be printed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from commentariat import InputError
from documents import ROOT

#: Pages whose commands are run, one after the other.
PAGES = (ROOT / "README.md", ROOT / "docs" / "tutorial" / "first-finding.md")
#: The folder that pages show in place of the folder in which a command was run.
FOLDER = "/home/you/commentariat"
#: The line of a page that stands for printed lines that the page leaves out.
OMITTED = "..."

_BLOCK = re.compile(r"(?<=^```console\n)\$ (?P<command>.*)\n(?P<output>(?:.*\n)*?)(?=```$)", re.MULTILINE)
_RUN = re.compile(r"\b\d{8}T\d{6}-[0-9a-f]{8}\b")
_TOOK = re.compile(r"\b\d+\.\d s\b")
_NUMBER = re.compile(r"-?[\d,]*\d(?P<fraction>\.\d+)?(?P<percent>%?)")
#: Largest allowed difference from the shown number, for a count, a probability or share, and a percentage.
_COUNT, _SHARE, _PERCENT = 2, 0.15, 15


@dataclass(frozen=True)
class Shown:
    """A command and the lines of its output that a page shows."""

    command: str
    output: str


def shown_in(page: Path) -> Iterator[Shown]:
    """Yield the commands of a page, in their order."""
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        yield Shown(block["command"], block["output"])


def refresh(page: Path, printed: Callable[[str], str]) -> None:
    """Write a page again with the present output of its commands.

    Raises
    ------
    InputError
        If a line below three dots, from which a part is shown, is printed no more; the page is then not written.
    """

    def block_again(block: re.Match[str]) -> str:
        return f"$ {block['command']}\n{_shortened(printed(block['command']), block['output'], page)}"

    page.write_text(_BLOCK.sub(block_again, page.read_text("utf-8")), encoding="utf-8")


def _shortened(printed: str, shown: str, page: Path) -> str:
    """Leave out what a page leaves out, at lines of three dots.

    The first part is as long as on the page, from the beginning, and the last one to the end. A part between them
    begins with the printed line whose words are those of its first line, apart from numbers.
    """
    parts = [part.splitlines() for part in re.split(rf"^{re.escape(OMITTED)}\n", shown, flags=re.MULTILINE)]
    if len(parts) == 1:
        return printed
    lines = printed.splitlines()
    starts = [0, *(_line_like(part[0], lines, page) for part in parts[1:-1]), len(lines) - len(parts[-1])]
    kept = [lines[start : start + len(part)] for start, part in zip(starts, parts, strict=True)]
    return "".join(f"{line}\n" for line in chain(kept[0], *([OMITTED, *part] for part in kept[1:])))


def _line_like(shown: str, lines: list[str], page: Path) -> int:
    index = next((number for number, line in enumerate(lines) if _words(line) == _words(shown)), None)
    if index is None:
        raise InputError(
            f"{page}: no printed line has the words of {shown!r}, the first line below {OMITTED!r}: write a line there "
            "that the command prints now"
        )
    return index


def _words(line: str) -> list[str]:
    return [word for word in line.split() if not _NUMBER.fullmatch(word)]


def as_shown(printed: str, here: Path, run: str = "20261128T013802-40488235") -> str:
    """Return an output as pages show it: with one folder, run name and speed, and no spaces at the ends of lines."""
    text = _TOOK.sub("0.5 s", _RUN.sub(run, printed.replace(str(here), FOLDER)))
    return "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())


def not_printed(shown: str, printed: str) -> list[str]:
    """Return the shown lines that agree with no printed line."""
    left = [line.split() for line in printed.splitlines()]
    missing = []
    for line in shown.splitlines():
        if line == OMITTED:
            continue
        words = line.split()
        match = next((other for other in left if _agree(words, other)), None)
        if match is None:
            missing.append(line)
        else:
            left.remove(match)
    return missing


def _agree(shown: list[str], printed: list[str]) -> bool:
    return len(shown) == len(printed) and all(map(_word_agrees, shown, printed))


def _word_agrees(shown: str, printed: str) -> bool:
    if shown == printed or (set(shown) == set(printed) == {"─"}):
        return True
    numbers = _NUMBER.fullmatch(shown), _NUMBER.fullmatch(printed)
    if not (numbers[0] and numbers[1]):
        return False
    given, found = (float(word.rstrip("%").replace(",", "")) for word in (shown, printed))
    if numbers[0]["percent"] or numbers[1]["percent"]:
        return abs(given - found) <= _PERCENT
    fraction = numbers[0]["fraction"] or numbers[1]["fraction"]
    return abs(given - found) <= (_SHARE if fraction else _COUNT)
