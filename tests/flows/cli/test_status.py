"""``commentariat status``: what is stored, the latest night, and whose answers count."""

import re
import shutil
from pathlib import Path

from tests.flows.conftest import Command
from tests.warehouse import nights
from warehouse import Warehouse


def test_status_shows_what_is_stored(command: Command, published: Path):
    out = command("status", "-w", published).out
    assert "Run night-1" in out
    assert re.search(r"taken in +12", out)
    assert "commentariat sql" in out


def test_status_shows_the_latest_night_after_other_work(command: Command, published: Path, tmp_path: Path):
    warehouse = tmp_path / "warehouse"
    shutil.copytree(published, warehouse, symlinks=True)
    first = command("sql", "SELECT url FROM article LIMIT 1", "-w", warehouse, "-f", "csv")
    assert not first.err
    one = first.out.split()[1]
    assert command("takedown", "--url", one, "--reason", "asked for", "-y", "-w", warehouse).code == 0
    assert "takedown" in command("sql", "runs", "-w", warehouse).out
    assert "Run night-1" in command("status", "-w", warehouse).out


def test_status_says_if_the_answers_that_count_differ_from_the_configured_reading(
    command: Command, own: Path, tmp_path: Path
):
    config = tmp_path / "commentariat.toml"
    config.write_text(f'[warehouse]\npath = "{own}"\n[model]\nstated_right = 0.6\n', encoding="utf-8")
    assert "Reading:" not in command("status", "-c", config).out
    reading = {"model_version": nights.MODEL, "name": "fast", "stated_right": 0.7, "rank": 1}
    with Warehouse(own).writing(flow="rescore") as writer:
        writer.commit("reading", {"reading": nights.table([reading | {"current_from": nights.START}])})
        writer.commit("model", nights.model_row("fast-2", 2))
        writer.publish()
    output = command("status", "-c", config).out
    assert "the answers that count are from fast at stated_right = 0.7" in output
    assert "24 answers that count are of fast (fast-1)" in output
