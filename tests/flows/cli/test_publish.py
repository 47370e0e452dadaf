"""``commentariat publish``: warehouses that several machines share, and working copies of them."""

import shutil
from pathlib import Path

import pytest

from tests.flows.conftest import Command
from tests.warehouse import nights


@pytest.mark.parametrize("log", ["files", "delta"])
def test_a_warehouse_is_shared_by_configuration_and_followed_on_another_machine(
    command: Command, own: Path, tmp_path: Path, log: str
):
    if log == "delta":
        pytest.importorskip("deltalake", reason="needs the package deltalake")
    config = tmp_path / "commentariat.toml"
    config.write_text(f'[warehouse]\nshared = "together"\nlog = "{log}"\n')
    assert command("publish", "-c", config, "-w", own).code == 0
    assert (tmp_path / "together" / ("log" if log == "files" else "commit_log")).is_dir()
    other = tmp_path / "other"
    ended = command("publish", "-c", config, "-w", other)
    assert ended.code == 0 and f"{other / 'warehouse.duckdb'} shows commit" in ended.out
    rows = [
        command("sql", "FROM stance ORDER BY ALL", "-w", place, "-f", "csv").out for place in (own, other)
    ]
    assert rows[0] == rows[1] and rows[0].count("\n") > 1
    gone = command(
        "takedown", "--url", nights.url(1, 0, 0), "--reason", "asked", "--yes", "-c", config, "-w", other
    )
    assert gone.code == 0
    assert command("publish", "-c", config, "-w", own).code == 0
    for place in (own, other):
        answer = command("sql", f"FROM article WHERE url = '{nights.url(1, 0, 0)}'", "-w", place, "-f", "csv")
        assert answer.out.count("\n") == 1, "only the names of the columns"
        assert command("verify", "-w", place).code == 0


def test_a_working_copy_is_not_changed_under_a_configuration_without_its_shared_place(
    command: Command, own: Path, tmp_path: Path
):
    (tmp_path / "shared.toml").write_text('[warehouse]\nshared = "together"\n')
    assert command("publish", "-c", "shared.toml", "-w", own).code == 0
    before = {path: path.read_bytes() for path in (own / "log").glob("[0-9]*.json")}
    url = nights.url(1, 0, 0)
    named = ("takedown", "--url", url, "--reason", "asked", "--yes", "-w", own)
    for arguments in (named, ("compact", "-w", own), ("publish", "-w", own)):
        ended = command(*arguments)
        assert (
            ended.code == 4 and f"is a working copy of the warehouse at {tmp_path / 'together'}" in ended.err
        )
    assert {path: path.read_bytes() for path in (own / "log").glob("[0-9]*.json")} == before
    assert command(*named, "-c", "shared.toml").code == 0


def test_a_folder_named_in_place_of_the_configured_one_does_not_join_the_shared_place(
    command: Command, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "commentariat.toml").write_text('[warehouse]\npath = "here"\nshared = "together"\n')
    for folder in (own, tmp_path / "try"):
        ended = command("publish", "-w", folder)
        assert ended.code == 4 and f"COMMENTARIAT_WAREHOUSE__PATH={folder}" in ended.err
    assert not (tmp_path / "together").exists() and not (tmp_path / "try").exists()
    with monkeypatch.context() as alone:
        alone.setenv("COMMENTARIAT_WAREHOUSE__SHARED", "")
        assert command("publish", "-w", own).code == 0
    assert not (tmp_path / "together").exists()
    monkeypatch.setenv("COMMENTARIAT_WAREHOUSE__PATH", str(own))
    assert command("publish", "-w", own).code == 0
    monkeypatch.delenv("COMMENTARIAT_WAREHOUSE__PATH")
    assert command("publish", "-w", own).code == 0, "it is a working copy now"


def test_a_machine_with_a_warehouse_in_the_default_folder_does_not_join_with_another_one(
    command: Command, own: Path, tmp_path: Path
):
    (tmp_path / "commentariat.toml").write_text('[warehouse]\nshared = "together"\n')
    shutil.copytree(own, tmp_path / "commentary", symlinks=True)
    for folder in (own, tmp_path / "try"):
        ended = command("publish", "-w", folder)
        assert ended.code == 4 and f"COMMENTARIAT_WAREHOUSE__PATH={folder}" in ended.err
    assert not (tmp_path / "together").exists() and not (tmp_path / "try").exists()
    assert command("publish").code == 0
    assert (tmp_path / "together").exists()
