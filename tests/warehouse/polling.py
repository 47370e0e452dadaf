"""A reader that reads again and again while others write, and checks that every commit is whole."""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.synchronize import Event, Semaphore

from warehouse import connect

ARTICLES_A_BATCH = 4
STATE = """
    SELECT (SELECT sequence FROM snapshot) AS sequence,
        (SELECT count(*) FROM article) AS articles,
        (SELECT count(*) FROM stance) AS stances,
        (SELECT count(*) FROM scored) AS scored,
        (SELECT count(*) FROM article_text) AS texts,
        (SELECT coalesce(sum(article_rows), 0)::BIGINT FROM commit_log) AS logged
"""


def poll(path: str, begun: Semaphore, stop: Event, seen: multiprocessing.Queue[object]) -> None:
    """Read again and again until told to stop; signal the beginning, and report the number of reads or the error."""
    times, last = 0, 0
    try:
        with connect(path) as reader:
            while not stop.is_set():
                (row,) = reader.query(STATE).to_pylist()
                assert row["articles"] == row["texts"] == row["logged"], row
                assert row["articles"] % ARTICLES_A_BATCH == 0, row
                assert row["stances"] == row["articles"] * 2 and row["scored"] == row["articles"] * 3, row
                assert row["sequence"] >= last, (row, last)
                times, last = times + 1, row["sequence"]
                begun.release()
                time.sleep(0.02)
        seen.put((times, last))
    except BaseException as error:
        begun.release()
        seen.put(repr(error))
