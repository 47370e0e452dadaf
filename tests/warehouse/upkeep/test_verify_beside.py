"""Verifying a sound warehouse while a run writes reports no findings, at any instant of the run."""

from __future__ import annotations

import pytest

from tests.warehouse import nights
from warehouse import Warehouse
from warehouse.log.entries import DataFile
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.retention import clean
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import Finding, verify


def test_a_warehouse_is_sound_at_every_step_of_a_run(filled):
    """Files have names but no log entry yet, or an entry but no snapshot yet, or will soon be removed."""
    found: list[tuple[str, tuple[Finding, ...]]] = []
    seen: set[str] = set()

    def look(step: str) -> None:
        if step not in seen:  # only at the first of several files
            seen.add(step)
            found.append((step, verify(filled.root).findings))

    looked_at = Warehouse(filled.root, on_step=look, checkpoint_every=1)
    with looked_at.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(2, 0, articles=1))
        seen.clear()
        compact(writer, min_files=4)
        writer.publish()
        clean(writer.root, writer.log)
        seen.clear()
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
    assert {"file renamed", "renamed", "logged", "generation named"} <= {step for step, _ in found}
    assert [(step, findings) for step, findings in found if findings] == []


@pytest.mark.parametrize("share", [0.1, 0.5, 1])
def test_commits_compactions_and_takedowns_during_verify_are_no_findings(filled, share):
    """After the last file, the audits read the same files again."""
    looked_at: list[str] = []
    at = int(share * len(filled.live_files()))

    def meanwhile(file: DataFile) -> None:
        looked_at.append(file.path)
        if len(looked_at) == at:
            with Warehouse(filled.root, checkpoint_every=1).writing(run_id="n", flow="nightly") as writer:
                writer.commit("1", nights.batch(2, 0))
                compact(writer, min_files=2)
                for _ in range(4):
                    writer.publish()
                clean(writer.root, writer.log, trash_days=0)
                take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")

    assert verify(filled.root, on_file=meanwhile).findings == ()
    assert len(looked_at) >= at
    assert verify(filled.root).findings == ()


def test_beside_a_damaged_log_no_file_is_called_a_stray(filled):
    """Then it is not known which files are committed, and removing them as strays would lose them."""
    (filled.root / "log" / "00000003.json").write_text("{")
    assert "stray" not in {finding.check for finding in verify(filled.root).findings}
