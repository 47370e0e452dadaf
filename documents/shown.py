"""The outputs of commands that pages show, in blocks that begin with ``$ make run`` or ``$ commentariat``.

The output of a command on another day, in another folder or on another processor may differ from the page in the name
of the run, the folder, the times, and slightly in numbers. Everything else that a page shows must be printed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from documents import ROOT

#: Pages whose commands are run, one after the other.
PAGES = (ROOT / "README.md", ROOT / "docs" / "tutorial" / "first-finding.md")
#: The folder that pages show in place of the folder in which a command was run.
FOLDER = "/home/you/commentariat"

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
    """Write a page again with the present output of its commands."""
    page.write_text(
        _BLOCK.sub(
            lambda block: f"$ {block['command']}\n{printed(block['command'])}", page.read_text("utf-8")
        ),
        encoding="utf-8",
    )


def as_shown(printed: str, here: Path, run: str = "20261128T013802-40488235") -> str:
    """Return an output as pages show it: with one folder, run name and speed, and no spaces at the ends of lines."""
    text = _TOOK.sub("0.5 s", _RUN.sub(run, printed.replace(str(here), FOLDER)))
    return "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())


def not_printed(shown: str, printed: str) -> list[str]:
    """Return the shown lines that agree with no printed line."""
    left = [line.split() for line in printed.splitlines()]
    missing = []
    for line in shown.splitlines():
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
