"""The artifacts of a run in the Prefect UI: the tables of its summary, and its progress."""

import threading
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from flows.monitoring import artifacts
from flows.monitoring.artifacts import Progress, write_rescore_artifact, write_summary_artifact
from flows.monitoring.summary import summarise
from flows.rescore import Rescored
from warehouse import Reader, connect


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Keep the fields of artifacts instead of writing them, since these tests have no Prefect server."""
    kept: list[dict[str, Any]] = []

    async def keep(content: object = None, *_: object, **fields: Any) -> UUID:
        kept.append({"markdown": content} | fields)
        return uuid4()

    for kind in ("create_markdown", "create_table", "create_progress", "update_progress"):
        monkeypatch.setattr(artifacts, f"a{kind}_artifact", keep)
    return kept


async def test_the_warehouse_is_asked_beside_the_event_loop(
    published: Path, written: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asking: list[threading.Thread] = []

    def connected(path: Path) -> Reader:
        asking.append(threading.current_thread())
        return connect(path)

    monkeypatch.setattr(artifacts, "connect", connected)
    with connect(published) as reader:
        summary = summarise(reader.query, published)
    await write_summary_artifact(summary, ["feeds"])
    assert "night-sources" in [artifact["key"] for artifact in written]
    assert asking and threading.current_thread() not in asking


async def test_a_rescore_is_summed_up_with_all_that_its_command_prints(written: list[dict[str, Any]]) -> None:
    changes = (
        "Compared with fast-1 on 9 answers: 8 are the same, 1 are others",
        "  tolls: favor -> against, 1 article",
    )
    tokens = "4 questions, 1,200 tokens"
    done = Rescored(
        "9 articles read", changes, ("1 is missing.",), (tokens,), "write stated_right = 0.9 into [model]"
    )
    await write_rescore_artifact(done.headline, done.lines("commentariat rescore -c desk.toml"))
    (artifact,) = written
    assert (artifact["key"], artifact["description"]) == ("rescore-summary", "9 articles read")
    page = artifact["markdown"].replace("\\", "")
    assert page.startswith("# 9 articles read\n\n- Compared with fast-1 on 9 answers")
    assert "\n  - tolls: favor -> against, 1 article\n- A trial: " in page
    assert "write stated_right = 0.9 into [model] and run `commentariat rescore -c desk.toml`" in page
    assert page.endswith(f"\n- Second model: {tokens}\n- Attention: 1 is missing.")


async def test_the_progress_is_a_number_of_items(written: list[dict[str, Any]]) -> None:
    progress = Progress(8)
    await progress.advance(2)
    await progress.advance(3)
    assert [artifact["description"] for artifact in written] == ["2 of 8 items", "5 of 8 items"]
