"""Retention: replaced files lie in trash until nobody can need them, and how long does not depend on kills."""

from __future__ import annotations

import os
import shutil
import time

import pytest

from tests.warehouse import nights
from warehouse import Warehouse
from warehouse.upkeep.compaction import compact
from warehouse.upkeep.retention import clean
from warehouse.upkeep.takedown import take_down
from warehouse.upkeep.verify import verify


def test_replaced_files_go_to_trash_once_no_kept_snapshot_needs_them_and_are_deleted_later(filled):
    with filled.writing(run_id="c", flow="compact") as writer:
        done = compact(writer, min_files=2)
        for _ in range(3):
            writer.publish()
        assert clean(writer.root, writer.log).moved_to_trash == done.files_before
        assert clean(writer.root, writer.log).deleted == 0
        for file in (writer.root / "trash").iterdir():
            os.utime(file, (time.time() - 31 * 86_400,) * 2)
        assert clean(writer.root, writer.log).deleted == done.files_before
    assert verify(filled.root).findings == ()


def test_taken_down_files_that_come_back_with_a_backup_are_reported_and_deleted(filled, tmp_path):
    backup = tmp_path / "backup"
    shutil.copytree(filled.root / "data", backup)
    warehouse = Warehouse(filled.root, checkpoint_every=1)
    with warehouse.writing(run_id="t", flow="takedown") as writer:
        take_down(writer, urls=[nights.url(1, 0, 0)], reason="Asked for.")
    assert verify(filled.root).findings == ()
    shutil.copytree(backup, filled.root / "data", dirs_exist_ok=True)
    findings = verify(filled.root).findings
    assert findings and {finding.check for finding in findings} == {"stray"}
    assert all("was deleted and is there again" in finding.message for finding in findings)
    with warehouse.writing(run_id="m", flow="maintenance") as writer:
        assert clean(writer.root, writer.log).deleted == len(findings)
    assert verify(filled.root).findings == ()


def test_the_next_takedown_deletes_what_came_back_after_an_earlier_one(filled, tmp_path):
    backup = tmp_path / "backup"
    shutil.copytree(filled.root / "data", backup)
    warehouse = Warehouse(filled.root, checkpoint_every=1)
    for number in range(2):
        with warehouse.writing(run_id=f"t{number}", flow="takedown") as writer:
            take_down(writer, urls=[nights.url(1, number, 0)], reason="Asked for.")
        if not number:
            shutil.copytree(backup, filled.root / "data", dirs_exist_ok=True)
    assert verify(filled.root).findings == ()


def test_a_file_that_was_being_moved_to_trash_when_the_kill_came_stays_there_as_long_as_the_others(
    filled, monkeypatch
):
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with filled.writing(run_id="c", flow="compact") as writer:
        done = compact(writer, min_files=2)
        for _ in range(3):
            writer.publish()
        for path in writer.log.replaced():
            os.utime(writer.root / path, (time.time() - 40 * 86_400,) * 2)
        with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
            killed.setattr(os, "utime", die)
            clean(writer.root, writer.log)
        again = clean(writer.root, writer.log)
        assert (again.moved_to_trash, again.deleted) == (done.files_before, 0)
