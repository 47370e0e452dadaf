"""``commentariat verify``: a sound warehouse, and an altered file."""

from pathlib import Path

from tests.flows.conftest import Command
from tests.warehouse import nights
from warehouse import Warehouse
from warehouse.sharing.shared_folder import SharedFolder


def test_verify_says_that_a_warehouse_is_sound(command: Command, own: Path):
    ended = command("verify", "-w", own)
    assert ended.code == 0
    assert ended.out.rstrip().endswith("sound")


def test_verify_says_why_a_folder_is_no_warehouse(command: Command, tmp_path: Path):
    missing, other = tmp_path / "missing", tmp_path / "other"
    other.mkdir()
    for folder, why in ((missing, "run `commentariat run`"), (other, "it has no log folder")):
        ended = command("verify", "-w", folder)
        assert ended.code == 4
        assert str(folder) in ended.err and why in ended.err


def test_verify_finds_an_altered_file(command: Command, own: Path):
    file = next((own / "data" / "article").rglob("*.parquet"))
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    ended = command("verify", "-w", own)
    assert ended.code == 4
    assert f"{file} has been altered" in ended.out and ended.out.endswith(": 1 finding\n")


def test_verify_checks_the_files_also_if_an_entry_of_the_log_is_damaged(command: Command, own: Path):
    file = next((own / "data" / "article").rglob("*.parquet"))
    file.unlink()
    (own / "log" / "00000004.json").write_text("{}")
    ended = command("verify", "-w", own)
    assert ended.code == 4
    assert "log: " in ended.out and "00000004.json" in ended.out
    assert f"files: {file} is missing" in ended.out


def test_verify_checks_the_shared_place_that_the_configuration_names(command: Command, tmp_path: Path):
    config, shared = tmp_path / "commentariat.toml", tmp_path / "shared"
    config.write_text('[warehouse]\npath = "copy"\nshared = "shared"\n')
    copy = Warehouse(tmp_path / "copy", remote=SharedFolder(shared))
    with copy.writing(run_id="a", flow="nightly") as writer:
        writer.commit("1", nights.reference_rows())
        writer.publish()
    assert command("verify", "-c", config).code == 0
    (shared / copy.live_files("model")[0].path).unlink()
    ended = command("verify", "-c", config)
    assert ended.code == 4
    assert f"shared: {shared} lacks data/model/" in ended.out
    config.unlink()
    ended = command("verify", "-w", copy.root)
    assert ended.code == 0
    assert f"the shared place {shared} is not checked: pass --config FILE" in ended.err
