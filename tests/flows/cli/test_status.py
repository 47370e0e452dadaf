"""``commentariat status``: what is stored, the latest night, and whose answers count."""

import re
import shutil
from pathlib import Path

import pytest

import models
from flows.settings.classifier import configured_classifier
from flows.settings.config import load_config
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
    assert "Other model:" not in command("status", "-c", config).out
    reading = {"model_version": nights.MODEL, "name": "fast", "stated_right": 0.7, "rank": 1}
    with Warehouse(own).writing(flow="rescore") as writer:
        writer.commit("reading", {"reading": nights.table([reading | {"current_from": nights.START}])})
        writer.commit("model", nights.model_row("fast-2", 2))
        writer.publish()
    output = command("status", "-c", config).out
    assert "Other model: the answers that count are from fast at stated_right = 0.7" in output
    assert "Other model: 24 answers that count are of fast (fast-1)" in output


@pytest.mark.parametrize("share", [0.71234, 0.71235, 0.7123499])
def test_a_share_with_more_digits_than_are_stored_is_the_configured_one(
    command: Command, own: Path, tmp_path: Path, share: float
):
    config = tmp_path / "commentariat.toml"
    config.write_text(f'[warehouse]\npath = "{own}"\n[model]\nstated_right = {share}\n', encoding="utf-8")
    reading = {"model_version": nights.MODEL, "name": "fast", "stated_right": share, "rank": 1}
    with Warehouse(own).writing(flow="rescore") as writer:
        writer.commit("reading", {"reading": nights.table([reading | {"current_from": nights.START}])})
        writer.publish()
    assert "Other model:" not in command("status", "-c", config).out


@pytest.mark.parametrize("is_same", [True, False])
def test_a_model_whose_folder_was_moved_is_the_same_one(
    command: Command, own: Path, tmp_path: Path, is_same: bool
):
    config = tmp_path / "commentariat.toml"
    config.write_text(f'[warehouse]\npath = "{own}"\n[model]\nname = "moved"\n', encoding="utf-8")
    (tmp_path / "moved").symlink_to(Path(models.__file__).parent / "fast")
    version = configured_classifier(load_config(config)).version if is_same else "of another"
    reading = {"model_version": version, "name": "models/mine", "stated_right": 0.7, "rank": 2}
    with Warehouse(own).writing(flow="rescore") as writer:
        writer.commit("reading", {"reading": nights.table([reading | {"current_from": nights.START}])})
        writer.commit("model", nights.model_row(version, 2))
        writer.publish()
    output = command("status", "-c", config).out
    assert ("the answers that count are from models/mine at stated_right = 0.7, but" in output) != is_same


HERE = ["commentariat sql stances", "commentariat sql --list"]


def next_commands(command: Command, *options: object) -> list[str]:
    ended = command("status", *options)
    assert ended.code == 0, ended.err
    return [line[11:] for line in ended.out.splitlines() if line[11:].startswith("commentariat ")]


def with_option(warehouse: str | Path) -> list[str]:
    return [f"{words} -w {warehouse}" for words in HERE]


def test_the_commands_to_type_next_use_the_same_warehouse(command: Command, published: Path, tmp_path: Path):
    shutil.copytree(published, tmp_path / "commentary", symlinks=True)
    assert next_commands(command) == next_commands(command, "-w", "commentary") == HERE
    assert next_commands(command, "-w", published) == with_option(published)
    config = tmp_path / "commentariat.toml"
    config.write_text('[warehouse]\npath = "press"\n')
    assert next_commands(command, "-w", "commentary") == with_option("commentary")
    (tmp_path / "press").symlink_to("commentary")
    assert next_commands(command) == next_commands(command, "-w", "commentary") == HERE
    config.write_text("no TOML")
    assert next_commands(command, "-w", "commentary") == with_option("commentary")


def test_a_warehouse_that_a_variable_names_is_named_since_the_variable_may_not_be_set_next(
    command: Command, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("commentary", "press"):
        shutil.copytree(published, tmp_path / name, symlinks=True)
    monkeypatch.setenv("COMMENTARIAT_WAREHOUSE__PATH", "press")
    assert next_commands(command) == with_option("press")
    assert next_commands(command, "-w", "commentary") == with_option("commentary")
