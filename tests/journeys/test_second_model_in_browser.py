"""A person configures and tries a second model; a night asks it within a budget, and the next night continues."""

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from flows import sample
from tests.journeys.prefect_server import PATIENCE_SECONDS, PrefectServer, commentariat_up
from tests.journeys.test_browser import CHROMIUM, PATIENCE_MS
from tests.tasks.second_model.chat_server import served
from warehouse import connect
from warehouse.spending import FILE, NIGHT_S
from warehouse.upkeep.verify import verify

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (apt-get install chromium)"),
]
PIECES = (
    "harbor-ledger/the-toll-at-the-gate",
    "meridian-post/the-charge-that-gave-us-back-the-street",
    "plainspoken/my-shop-on-the-wrong-side-of-the-line",
)
STATEMENT = "Cities should charge drivers for entering the centre"
MOST = 2
CONFIG = """
[warehouse]
path = "commentary"

[extract]
workers = 1

[model]
threads = 1

[[sources]]
name = "texts"
type = "files"
kind = "opinion"
location = "texts"

[[targets]]
id = "congestion-charge"
statement = "{statement}"

[second_model]
url = "{url}"
model = "tiny"
ask = "all"
random_share = 0
most_a_night = {most}
"""
ANSWERS = """
SELECT model_version LIKE 'second-%' AS second, is_current, count(*) AS n
FROM stance WHERE (p_favor IS NULL) = second GROUP BY ALL ORDER BY ALL
"""
FIRST = "SELECT article_id, stance FROM stance WHERE p_favor IS NOT NULL ORDER BY ALL"
BESIDE = "SELECT article_id, first_stance AS stance, second_stance FROM second_answer ORDER BY ALL"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The file in which the second model records its requests."""
    return tmp_path / "asked.jsonl"


@pytest.fixture
def prefect(tmp_path: Path, log: Path) -> Iterator[PrefectServer]:
    """``commentariat up`` and the server of a second model, before anything has been taken in."""
    texts, config = tmp_path / "texts", tmp_path / "commentariat.toml"
    texts.mkdir()
    for name in PIECES:
        shutil.copy(Path(sample.__file__).parent / "articles" / f"{name}.md", texts)
    with served(log=log) as url:
        config.write_text(CONFIG.format(statement=STATEMENT, url=url, most=MOST))
        with commentariat_up(tmp_path, config) as prefect:
            yield prefect


def typed(prefect: PrefectServer, *arguments: str) -> str:
    """Run a command in a process of its own, because the thread of a browser already has an event loop."""
    with prefect.command(*arguments, "--config", str(prefect.config)) as command:
        try:
            printed, _ = command.communicate(timeout=PATIENCE_SECONDS)
        finally:
            command.kill()
    assert command.returncode == 0, printed
    return printed


def asked(log: Path) -> list[str]:
    """Return the titles of the pieces that the second model was asked about, one for each request."""
    return [json.loads(line)["title"] for line in log.read_text().splitlines()]


def rows(warehouse: Path, sql: str) -> list[dict[str, Any]]:
    with connect(warehouse) as reader:
        return reader.query(sql).to_pylist()


def let_twenty_hours_pass(warehouse: Path) -> int:
    """Set the times in the budget's account back by a night; return the number of its requests."""
    with closing(sqlite3.connect(warehouse / FILE)) as book, book:
        return book.execute("UPDATE request SET sent_at = sent_at - ?", (NIGHT_S,)).rowcount


def test_the_next_night_asks_what_the_budget_left_over_and_nothing_is_asked_twice(
    prefect: PrefectServer, browser: Any, log: Path, tmp_path: Path
) -> None:
    warehouse, file = tmp_path / "commentary", next((tmp_path / "texts").iterdir())
    printed = typed(prefect, "second-model", "try", str(file))
    assert f"favor         {STATEMENT}" in printed
    assert "1 article: 400 tokens sent, 40 answered" in printed
    assert len(asked(log)) == 1
    assert not warehouse.exists(), "trying it stores nothing"
    log.write_text("")

    typed(prefect, "run")
    ui, page = prefect.api.removesuffix("/api"), browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{ui}/runs")
    page.get_by_role("link", name="night of").first.click()
    page.get_by_text("Completed").first.wait_for()
    page.get_by_text("Task Runs", exact=True).last.click()
    page.get_by_role("link", name="second model 0001", exact=True).wait_for()
    page.get_by_text("Artifacts", exact=True).last.click()
    page.get_by_text("night-summary").first.click()
    for words in (
        "2 articles asked about, 2 of them with an answer, 2 answers; 800 tokens sent, 80 answered",
        "stopped: the limit of articles in a night (2) is reached; 1 article is left for the next night",
    ):
        page.get_by_text(words).first.wait_for()
    page.close()

    assert len(asked(log)) == MOST
    assert [tuple(row.values()) for row in rows(warehouse, ANSWERS)] == [
        (False, False, MOST),
        (False, True, len(PIECES) - MOST),
        (True, True, MOST),
    ]
    first = rows(warehouse, FIRST)
    beside = rows(warehouse, BESIDE)
    assert len(beside) == MOST
    assert all(row.pop("second_stance") == "favor" and row in first for row in beside)

    assert let_twenty_hours_pass(warehouse) == MOST
    assert "Second model: 1 article asked about, 1 of them with an answer" in typed(prefect, "run")
    titles = {row["title"] for row in rows(warehouse, "SELECT title FROM article")}
    assert len(titles) == len(PIECES)
    assert Counter(asked(log)) == Counter(titles)
    assert [tuple(row.values()) for row in rows(warehouse, ANSWERS)] == [
        (False, False, len(PIECES)),
        (True, True, len(PIECES)),
    ]
    assert rows(warehouse, FIRST) == first
    assert rows(warehouse, BESIDE) == [row | {"second_stance": "favor"} for row in first]
    assert verify(warehouse).findings == ()
