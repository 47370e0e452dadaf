"""``commentariat verify``: a sound warehouse, and an altered file."""

from pathlib import Path

from tests.flows.conftest import Command


def test_verify_says_that_a_warehouse_is_sound(command: Command, own: Path):
    ended = command("verify", "-w", own)
    assert ended.code == 0
    assert ended.out.rstrip().endswith("sound")


def test_verify_finds_an_altered_file(command: Command, own: Path):
    file = next((own / "data" / "article").rglob("*.parquet"))
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    ended = command("verify", "-w", own)
    assert ended.code == 4
    assert f"{file} has been altered" in ended.out
