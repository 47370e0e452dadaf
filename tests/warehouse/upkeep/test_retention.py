"""Retention: replaced files lie in trash until nobody can need them, and how long does not depend on kills."""

from __future__ import annotations

import os
import time

import pytest

from warehouse.upkeep.compaction import compact
from warehouse.upkeep.retention import clean
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
