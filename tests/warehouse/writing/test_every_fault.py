"""A disk fails at any one operation of any step: there is one clear error, nothing is lost, the next run repairs all.

Here, operations of Python on files fail, with EIO and with ENOSPC. In ``test_faults.py``, operations of SQLite, DuckDB
and Arrow fail on disks that are really full.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from pathlib import Path

import pytest

from commentariat import WarehouseError
from tests.warehouse import nights
from tests.warehouse.contents import content
from warehouse import Warehouse
from warehouse.upkeep.verify import verify

_WRITES = os.O_WRONLY | os.O_RDWR
_WATCHED = {"os.link", "os.rename", "os.mkdir", "os.symlink"}

#: The operations whose failure does not make the run fail, each with the reason.
_DISPENSABLE = {
    "open /log/.checkpoint.json": "a checkpoint only makes later runs start faster",
    "os.rename /log/.checkpoint.json": "a checkpoint only makes later runs start faster",
}


class _Disk:
    """A disk on which the n-th writing operation of this process under a folder fails.

    Python calls audit hooks before every operation on a file; an error raised in a hook becomes the operation's error.
    """

    def __init__(self) -> None:
        self.root, self.left, self.code, self.failed = "", 0, 0, ""
        sys.addaudithook(self._hook)

    def _hook(self, event: str, details: tuple[object, ...]) -> None:
        if not self.left or not (event in _WATCHED or (event == "open" and _is_writing(details))):
            return
        names = [os.fsdecode(detail) for detail in details if isinstance(detail, str | bytes | os.PathLike)]
        path = next((name for name in names if name.startswith(self.root)), "")
        if path:
            self.left -= 1
            if not self.left:
                self.failed = f"{event} {path.removeprefix(self.root)}"
                raise OSError(self.code, os.strerror(self.code), path)


def _is_writing(details: tuple[object, ...]) -> bool:
    flags = details[2]
    return isinstance(flags, int) and bool(flags & _WRITES)


@pytest.fixture(scope="session")
def disk() -> _Disk:
    return _Disk()


def night(root: Path) -> None:
    """Run all steps: query, stage, audit, rename, log, near index, search index, publish, checkpoint."""
    with Warehouse(root, checkpoint_every=2).writing(run_id="night-2", flow="nightly") as writer:
        writer.query("SELECT 1")  # the first step of a night opens its database
        for number in range(2):
            rows = nights.batch(2, number, articles=1)
            writer.near_duplicates(rows["minhash_band"].select(["article_id", "algorithm", "band", "hash"]))
            writer.commit(f"{number:04d}", rows)
        writer.update_search()
        if writer.committed("finish-1") is None:
            writer.finish()
        writer.publish()


def fails_and_heals(
    filled: Warehouse, disk: _Disk, tmp_path: Path, nth: int, calm: object
) -> tuple[str, bool]:
    """Make operation ``nth`` fail, run again, compare.

    Returns
    -------
    tuple
        The failed operation, "" if there are fewer; and whether the run failed.
    """
    root = tmp_path / f"at-{nth}"
    shutil.copytree(filled.root, root, symlinks=True)
    disk.root, disk.code, disk.failed = str(root), (errno.ENOSPC, errno.EIO)[nth % 2], ""
    disk.left, is_run_failed = nth, False
    try:
        night(root)
    except WarehouseError as error:
        is_run_failed = True
        remedy = "the disk is full" if disk.code == errno.ENOSPC else "the disk reports an error"
        assert remedy in str(error), f"{disk.failed}: {error}"
    finally:
        disk.left = 0
    failed = disk.failed
    night(root)
    assert content(root) == calm, failed
    assert verify(root).findings == (), failed
    shutil.rmtree(root)
    return failed, is_run_failed


@pytest.fixture(scope="module")
def calm(one_published_night: Path, tmp_path_factory: pytest.TempPathFactory) -> object:
    root = tmp_path_factory.mktemp("calm") / "warehouse"
    shutil.copytree(one_published_night, root, symlinks=True)
    night(root)
    return content(root)


@pytest.mark.parametrize("nth", range(6, 50, 11))
def test_a_disk_that_fails_at_some_operation_makes_only_that_run_fail(filled, disk, tmp_path, calm, nth):
    failed, is_run_failed = fails_and_heals(filled, disk, tmp_path, nth, calm)
    assert failed
    assert is_run_failed == (failed not in _DISPENSABLE), failed


@pytest.mark.release
@pytest.mark.timeout(1800)
def test_a_disk_that_fails_at_each_operation_in_turn_makes_only_that_run_fail(filled, disk, tmp_path, calm):
    met, nth = set(), 0
    while (outcome := fails_and_heals(filled, disk, tmp_path, nth := nth + 1, calm))[0]:
        failed, is_run_failed = outcome
        assert is_run_failed == (failed not in _DISPENSABLE), failed
        met.add(failed)
    assert nth > 40
    assert _DISPENSABLE.keys() <= met, met
    places = {failed.split("/")[1] for failed in met}
    assert {"lock", "staging", "log", "db", ".warehouse.duckdb.new"} <= places, places
