"""``commentariat compact``: fewer files with the same rows."""

from pathlib import Path

from tests.flows.conftest import Command


def test_compact_changes_files_and_no_rows(command: Command, own: Path):
    before = command("sql", "FROM stance ORDER BY ALL", "-w", own, "-f", "csv").out
    ended = command("compact", "--min-files", "2", "-w", own)
    assert "files became" in ended.out
    assert command("sql", "FROM stance ORDER BY ALL", "-w", own, "-f", "csv").out == before
    assert command("verify", "-w", own).code == 0
