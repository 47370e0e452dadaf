"""Kill nights with a second model by SIGKILL, and check for repeated requests, spending and lost or extra rows.

    python -m benchmarks.second_model_kills --kills 50

Each night is a process of its own. All nights write to one warehouse, with a server on loopback that records the
requests. A night is killed at a random time and started again; the last night is not killed. Then the warehouse is
compared with that of an undisturbed night, and the server's record with the commits: a night may not ask about a piece
whose answer had been committed before the night began.
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
from tests.tasks.second_model.chat_server import served
from warehouse import Warehouse, connect
from warehouse.spending import Spending
from warehouse.upkeep.verify import verify

DELAY_S = 0.15
"""Time that the server needs for an answer, so that some kills happen between a request and its commit."""
BATCH = 8
_CONTENT = (
    "SELECT article_id, revision, target, model_version, stance, about, is_current FROM stance ORDER BY ALL",
    'SELECT article_id, target, model_version, start, "end" FROM evidence ORDER BY ALL',
    "SELECT article_id, target, model_version, is_current FROM scored ORDER BY ALL",
    "SELECT article_id, outcome, answered, tokens_in FROM second_reading ORDER BY ALL",
)


@dataclass(frozen=True)
class Killed:
    """The result of the experiment.

    Attributes
    ----------
    kills
        Number of nights that were killed before their end.
    asked
        Number of requests to the server, and that of an undisturbed night.
    asked_again_after_commit
        Requests about pieces whose answer had been committed before the night began.
    used_articles, most_articles
        Number of pieces counted against the budget, and the budget.
    differences
        SQL statements whose result differs from that of an undisturbed night.
    findings
        The findings of ``commentariat verify``.
    """

    kills: int
    asked: tuple[int, int]
    asked_again_after_commit: int
    used_articles: int
    most_articles: int
    differences: list[str]
    findings: list[str]


def killed_nights(folder: Path, *, kills: int, pieces: int, seed: int = 1) -> Killed:
    """Kill `kills` nights over `pieces` pieces, each at a random time, and compare with an undisturbed night."""
    chance = random.Random(seed)
    # Pieces that were asked about and not yet committed at a kill are asked about again: two micro-batches, and the
    # requests under way.
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
    used = book.used().articles
    book.close()
    contents = [_content(folder / name) for name in ("killed", "peace")]
    differences = [sql for sql, killed, other in zip(_CONTENT, *contents, strict=True) if killed != other]
    findings = [finding.message for finding in verify(folder / "killed" / "commentary").findings]
    return Killed(done, (asked, in_peace), again, used, budget, differences, findings)


def _night(folder: Path, url: str, settings: str, seconds: float | None) -> bool:
    """Run a night, and kill it `seconds` after its first request; return whether it was killed before its end."""
    command = [sys.executable, "-m", "tests.flows.night.unsure_night", str(folder), url, settings]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as night:
        assert night.stdout is not None
        night.stdout.readline()
        if seconds is None:
            if night.wait():
                raise RuntimeError("the undisturbed night has failed")
            return False
        time.sleep(seconds)
        night.send_signal(signal.SIGKILL)
        return night.wait() == -signal.SIGKILL


def _asked(folder: Path) -> list[str]:
    log = folder / "asked.jsonl"
    return [json.loads(line)["title"] for line in log.read_text().splitlines()] if log.exists() else []


def _committed(folder: Path) -> set[str]:
    """Return the titles of the pieces whose answers are committed, published or not."""
    with Warehouse(folder / "commentary").writing(flow="look") as writer:
        sql = (
            "SELECT DISTINCT a.title FROM second_reading JOIN article a USING (article_id) WHERE answered > 0"
        )
        return set(writer.query(sql)["title"].to_pylist())


def _content(folder: Path) -> list[list[dict[str, Any]]]:
    with connect(folder / "commentary") as reader:
        return [reader.query(sql).to_pylist() for sql in _CONTENT]


def main() -> None:
    """Print the result; the exit code is 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--pieces", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        killed = killed_nights(Path(folder), **vars(arguments))
    print(f"nights killed                          {killed.kills}")
    print(f"requests, and in peace                 {killed.asked[0]}, {killed.asked[1]}")
    print(f"asked again after their commit         {killed.asked_again_after_commit}")
    print(f"articles counted, and the budget       {killed.used_articles}, {killed.most_articles}")
    print(f"answers that differ from peace         {killed.differences or 'none'}")
    print(f"findings of verify                     {killed.findings or 'none'}")
    is_good = not (killed.asked_again_after_commit or killed.differences or killed.findings)
    raise SystemExit(not (is_good and killed.kills == arguments.kills))


if __name__ == "__main__":
    main()
