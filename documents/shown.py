"""What pages show of a command, kept to what it prints: blocks that begin with ``$ make run`` or ``$ commentariat``.

A page and the output of another day, place or processor differ in the run's name, in the folder, in how long it took,
and in numbers by a little. All else that a page shows must be printed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from documents import ROOT

#: Pages whose blocks of commands are run, one after the other.
PAGES = (ROOT / "docs" / "tutorial" / "first-finding.md",)
#: The folder that pages show in place of the one where a command was run.
FOLDER = "/home/you/commentariat"

_BLOCK = re.compile(r"(?<=^```console\n)\$ (?P<command>.*)\n(?P<output>(?:.*\n)*?)(?=```$)", re.MULTILINE)
_RUN = re.compile(r"\b\d{8}T\d{6}-[0-9a-f]{8}\b")
_TOOK = re.compile(r"\b\d+\.\d s\b")
_NUMBER = re.compile(r"-?[\d,]*\d(?P<fraction>\.\d+)?(?P<percent>%?)")
#: So far may a number be from the one shown: a count, a probability or share, a percentage.
_COUNT, _SHARE, _PERCENT = 2, 0.15, 15


@dataclass(frozen=True)
class Shown:
    """A command and what a page shows of its output."""

    command: str
    output: str


def shown_in(page: Path) -> Iterator[Shown]:
    """Give the commands of a page, in their order."""
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        yield Shown(block["command"], block["output"])


def refresh(page: Path, printed: Callable[[str], str]) -> None:
    """Write a page again with what its commands print now."""
    page.write_text(
        _BLOCK.sub(
            lambda block: f"$ {block['command']}\n{printed(block['command'])}", page.read_text("utf-8")
        ),
        encoding="utf-8",
    )


def as_shown(printed: str, here: Path, run: str = "20261128T013802-40488235") -> str:
    """Give an output as pages show it: in their folder, by the name and speed of one run, no spaces at ends."""
    text = _TOOK.sub("0.5 s", _RUN.sub(run, printed.replace(str(here), FOLDER)))
    return "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())


def not_printed(shown: str, printed: str) -> list[str]:
    """Give the lines that are shown, and that no line of what was printed agrees with."""
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
