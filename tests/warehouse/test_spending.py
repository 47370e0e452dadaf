"""The account of the budget: reserved amounts count until the night is over, also after a kill."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from commentariat import WarehouseError
from warehouse.spending import FILE, NIGHT_S, Spending

LIMITS = {"most_tokens": 1000, "most_articles": 3}
KILLED = """
import os, signal, sys
from pathlib import Path
from warehouse.spending import Spending
book = Spending(Path(sys.argv[1]))
print(book.reserve(tokens=300, articles=1, most_tokens=1000, most_articles=3), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_reserved_tokens_count_until_the_smaller_use_is_settled(tmp_path: Path):
    book = Spending(tmp_path)
    first = book.reserve(tokens=700, articles=1, **LIMITS)
    assert isinstance(first, int)
    assert book.reserve(tokens=400, articles=1, **LIMITS) == "tokens"
    book.settle(first, 100, 1)
    assert isinstance(book.reserve(tokens=400, articles=1, **LIMITS), int)
    assert (book.used().tokens, book.used().articles) == (500, 2)
    book.close()


def test_no_more_articles_than_the_limit_are_reserved(tmp_path: Path):
    book = Spending(tmp_path)
    for _ in range(3):
        assert isinstance(book.reserve(tokens=1, articles=1, **LIMITS), int)
    assert book.reserve(tokens=1, articles=1, **LIMITS) == "articles"
    assert isinstance(
        book.reserve(tokens=1, articles=0, **LIMITS), int
    )  # a repair request is about the same piece
    book.close()


def test_tokens_reserved_by_a_killed_process_still_count(tmp_path: Path):
    for _ in range(2):
        command = [sys.executable, "-c", KILLED, tmp_path]
        done = subprocess.run(command, env=os.environ, capture_output=True, check=False)
        assert done.returncode == -signal.SIGKILL
    book = Spending(tmp_path)
    assert (book.used().tokens, book.used().articles) == (600, 2)
    book.close()


@pytest.mark.parametrize("age", [NIGHT_S + 1, -3600])
def test_after_a_night_the_account_of_the_budget_begins_again(tmp_path: Path, age: float):
    book = Spending(tmp_path)
    book.reserve(tokens=1000, articles=3, **LIMITS)
    with sqlite3.connect(tmp_path / FILE) as other:
        other.execute("UPDATE request SET sent_at = ?", (time.time() - age,))
    assert isinstance(book.reserve(tokens=1000, articles=3, **LIMITS), int)
    book.close()


def test_an_unreadable_account_of_the_budget_allows_no_spending(tmp_path: Path):
    (tmp_path / FILE).write_bytes(b"no database " * 500)
    with pytest.raises(WarehouseError, match="keeping the budget"):
        Spending(tmp_path)
