"""``commentariat export``: tables and saved queries, and citable exports."""

import json
from datetime import UTC, datetime
from pathlib import Path

from tests.flows.conftest import Command


def test_export_writes_files_and_a_manifest(command: Command, published: Path, tmp_path: Path):
    ended = command(
        "export", "out", "--table", "article", "--query", "outcomes", "--format", "csv", "-w", published
    )
    assert ended.code == 0, ended
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert {file["file"]: file["rows"] for file in manifest["files"]} == {
        "article.csv": 12,
        "outcomes.csv": 1,
    }
    assert (tmp_path / "out" / "article.csv").read_text().count("\n") == 13


def test_a_citable_export_names_its_state_and_refuses_other_options(
    command: Command, published: Path, tmp_path: Path
):
    ended = command("export", "cited", "--at", "5", "-f", "csv", "-w", published)
    assert ended.code == 0, ended.err
    manifest = json.loads((tmp_path / "cited" / "manifest.json").read_text())
    assert manifest["commit"] == 5 and manifest["data_sha256"] in ended.out
    assert "see the model card" in (tmp_path / "cited" / "codebook.md").read_text()
    for arguments, message in (
        (("--at", "yesterday"), "neither the number of a commit nor a day"),
        (("--at", "0001-01-01T00:00:00+05:00"), "neither the number of a commit nor a day"),
        (("--at", "99"), "the last one is 5"),
        (("--at", "9" * 18), "the last one is 5"),
        (("--at", "9" * 5_000), f"'{'9' * 40}' is neither the number of a commit nor a day"),
        (("--at", "2999-01-01"), "the time until 2999-01-01 23:59 UTC is not over"),
        (("--at", f"{datetime.now(UTC):%Y-%m-%d}"), "is not over"),
        (("--at", "2999-01-01T00:00:00+05:00"), "is not over"),
        (("--at", "5", "--table", "stance"), "leave out --table"),
        (("--texts",), "--texts is used with --at"),
    ):
        ended = command("export", "out", *arguments, "-w", published)
        assert ended.code == 2 and message in ended.err


def test_files_of_an_earlier_export_that_the_new_one_does_not_write_stay_and_are_named(
    command: Command, published: Path, tmp_path: Path
):
    def exported(*arguments: str) -> str:
        ended = command("export", "out", *arguments, "-w", published)
        assert ended.code == 0, ended.err
        return ended.err

    assert "also holds" not in exported("--table", "article", "--query", "outcomes", "--format", "csv")
    assert "also holds" not in exported("--table", "article", "--query", "outcomes", "--format", "csv")
    own = tmp_path / "out" / "notes.txt"
    own.write_text("Not of an export.")
    fewer = exported("--table", "article", "--format", "csv")
    assert "out also holds outcomes.csv, which this export has not written" in " ".join(fewer.split())
    assert "out also holds article.csv, outcomes.csv, which" in exported("--table", "article")
    exported("--at", "5")
    beside_a_citable_one = exported("--table", "article")
    assert "codebook.md" in beside_a_citable_one and " more, which this export" in beside_a_citable_one
    assert own.exists() and (tmp_path / "out" / "outcomes.csv").exists()
