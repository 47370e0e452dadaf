"""``commentariat compact``: fewer files with the same rows."""

from pathlib import Path

from tests.flows.conftest import Command


def test_compact_changes_files_and_no_rows(command: Command, own: Path):
    before = command("sql", "FROM stance ORDER BY ALL", "-w", own, "-f", "csv").out
    ended = command("compact", "--min-files", "2", "-w", own)
    assert "files became" in ended.out
    assert command("sql", "FROM stance ORDER BY ALL", "-w", own, "-f", "csv").out == before
    assert command("verify", "-w", own).code == 0


def test_compact_says_why_it_merged_nothing(command: Command, own: Path):
    ended = command("compact", "--min-files", "9", "-w", own)
    assert ended.code == 0
    assert "nothing was merged, because no month of a table has at least 9 files" in ended.out
