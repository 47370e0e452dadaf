"""Kill nights with a second model by SIGKILL, and look what is asked twice, what is spent and what is left.

    python -m benchmarks.second_model_kills --kills 50

Each night is a process of its own over one warehouse, with a server on loopback that writes down what it is asked. It
is killed at a time that is drawn at random and started again, until the last one is left in peace. Then the warehouse
is compared with that of a night that nothing happened to, and the server's list with the commits: a piece whose answer
had been committed before a night began may not be asked about in it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.flows.night.unsure_night import a_run, configured, take_in
from tests.tasks.second.chat_server import served
from warehouse import Warehouse, connect
from warehouse.spending import Spending
from warehouse.verify import verify

DELAY_S = 0.15
"""What an answer of the server takes, so that kills fall between request and commit, too."""
BATCH = 8
_CONTENT = (
    "SELECT article_id, revision, target, model_version, stance, about, is_current FROM stance ORDER BY ALL",
    'SELECT article_id, target, model_version, start, "end" FROM evidence ORDER BY ALL',
    "SELECT article_id, target, model_version, is_current FROM scored ORDER BY ALL",
    "SELECT article_id, outcome, answered, tokens_in FROM second_reading ORDER BY ALL",
)


@dataclass(frozen=True)
class Killed:
    """What came of it.

    Attributes
    ----------
    kills
        Nights that were killed before they were over.
    asked
        Requests that the server got, and how many there would have been in peace.
    asked_again_after_commit
        Requests about pieces whose answer had been committed when their night began.
    pieces_taken, most_pieces
        What the book counts, and the budget.
    differences
        Statements that the warehouse answers otherwise than one of a night in peace.
    findings
        Of ``commentariat verify``.
    """

    kills: int
    asked: tuple[int, int]
    asked_again_after_commit: int
    pieces_taken: int
    most_pieces: int
    differences: list[str]
    findings: list[str]


def killed_nights(folder: Path, *, kills: int, pieces: int, seed: int = 1) -> Killed:
    """Kill so many nights over so many pieces, each at a random time, and compare."""
    chance = random.Random(seed)
    # What was asked and not yet committed at a kill is asked again: two micro-batches, and the requests under way.
    budget = pieces + 3 * BATCH * (kills + 1)
    settings = f"most_a_night = {budget};concurrency = {BATCH};[run];batch_size = {BATCH}"
    with served(delay_s=DELAY_S, log=folder / "asked.jsonl") as url:
        for name in ("killed", "peace"):
            (folder / name).mkdir()
            with a_run(configured(folder / name, url)) as run:
                take_in(run, range(pieces))
        done, again = 0, 0
        while True:
            before, seen = _committed(folder / "killed"), len(_asked(folder))
            is_last = done >= kills or not len(before) < pieces
            was_killed = _night(
                folder / "killed", url, settings, None if is_last else chance.uniform(0.0, 0.9)
            )
            again += sum(title in before for title in _asked(folder)[seen:])
            done += was_killed
            if is_last:
                break
        asked = len(_asked(folder))
        _night(folder / "peace", url, settings, None)
        in_peace = len(_asked(folder)) - asked
    book = Spending(folder / "killed" / "commentary")
    taken = book.taken().pieces
    book.close()
    found = [_content(folder / name) for name in ("killed", "peace")]
    differences = [sql for sql, one, other in zip(_CONTENT, *found, strict=True) if one != other]
    findings = [finding.message for finding in verify(folder / "killed" / "commentary").findings]
    return Killed(done, (asked, in_peace), again, taken, budget, differences, findings)


def _night(folder: Path, url: str, settings: str, seconds: float | None) -> bool:
    """Run a night, and kill it so long after it has begun to ask; says whether it was killed before its end."""
    command = [sys.executable, "-m", "tests.flows.night.unsure_night", str(folder), url, settings]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as night:
        assert night.stdout is not None
        night.stdout.readline()
        if seconds is None:
            if night.wait():
                raise RuntimeError("the night that was left in peace has failed")
            return False
        time.sleep(seconds)
        night.send_signal(signal.SIGKILL)
        return night.wait() == -signal.SIGKILL


def _asked(folder: Path) -> list[str]:
    log = folder / "asked.jsonl"
    return [json.loads(line)["title"] for line in log.read_text().splitlines()] if log.exists() else []


def _committed(folder: Path) -> set[str]:
    """Titles of the pieces whose answers are committed, whether or not they are published."""
    with Warehouse(folder / "commentary").writing(flow="look") as writer:
        sql = (
            "SELECT DISTINCT a.title FROM second_reading JOIN article a USING (article_id) WHERE answered > 0"
        )
        return set(writer.select(sql)["title"].to_pylist())


def _content(folder: Path) -> list[list[dict[str, Any]]]:
    with connect(folder / "commentary") as reader:
        return [reader.query(sql).to_pylist() for sql in _CONTENT]


def main() -> None:
    """Print what came of it; exit code 1 if anything is not as it should be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--pieces", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = killed_nights(Path(folder), **vars(arguments))
    print(f"nights killed                          {found.kills}")
    print(f"requests, and in peace                 {found.asked[0]}, {found.asked[1]}")
    print(f"asked again after their commit         {found.asked_again_after_commit}")
    print(f"pieces counted, and the budget         {found.pieces_taken}, {found.most_pieces}")
    print(f"answers that differ from peace         {found.differences or 'none'}")
    print(f"findings of verify                     {found.findings or 'none'}")
    is_good = not (found.asked_again_after_commit or found.differences or found.findings)
    raise SystemExit(not (is_good and found.kills == arguments.kills))


if __name__ == "__main__":
    main()
