"""Copying a file, on systems whose kernel can copy and on others; the signs that there is no room for it."""

from __future__ import annotations

import errno
import os
import resource
from pathlib import Path

import duckdb
import pytest

from tests.warehouse import nights
from warehouse.durable import copy_file, engine_error, has_no_room


def without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "copy_file_range", raising=False)


def refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(os, "copy_file_range", refuse, raising=False)


def given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the kernel copy ten bytes and then stop."""
    left = [10]

    def give_up(source: int, target: int, _: int) -> int:
        if not left:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return os.write(target, os.read(source, left.pop()))

    monkeypatch.setattr(os, "copy_file_range", give_up, raising=False)


@pytest.mark.parametrize("system", [None, without, refused, given_up])
@pytest.mark.parametrize("size", [0, 7, 300_000, 3_000_000])
def test_a_copy_has_the_bytes_of_its_original(tmp_path: Path, monkeypatch, system, size):
    """macOS has no ``copy_file_range``; some file systems of Linux refuse it."""
    if system:
        system(monkeypatch)
    content = os.urandom(size)
    (tmp_path / "a").write_bytes(content)
    copy_file(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == content


def test_a_disk_that_fails_while_the_kernel_copies_is_an_error(tmp_path: Path, monkeypatch):
    def fail(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "copy_file_range", fail, raising=False)
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(OSError, match="No space"):
        copy_file(tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize("system", [without, refused, given_up])
def test_a_disk_with_room_for_a_part_of_the_copy_is_an_error(tmp_path: Path, monkeypatch, system):
    """The system writes this part and reports no error; a shortened file would stay in the warehouse."""
    system(monkeypatch)
    (tmp_path / "a").write_bytes(os.urandom(20_000))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            copy_file(tmp_path / "a", tmp_path / "b")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_used_up_quota_is_no_room_although_the_disk_has_some(tmp_path: Path):
    words = f'IO Error: Could not write file "base.duckdb": {os.strerror(errno.EDQUOT)}'
    error = duckdb.IOException(words)
    assert has_no_room(tmp_path / "base.duckdb", error)
    told = str(engine_error("bringing the database up to date", tmp_path / "base.duckdb", error))
    assert "the disk quota is used up: free some space" in told
    assert not has_no_room(tmp_path / "base.duckdb", duckdb.IOException("the file is damaged"))


@pytest.mark.skipif(not os.path.ismount("/proc"), reason="no file system is mounted here that is always full")
def test_the_room_is_that_of_a_disk_which_is_mounted_at_the_folder_itself():
    assert has_no_room(Path("/proc"), duckdb.IOException("disk I/O error"))
    assert not has_no_room(Path("/proc").parent, duckdb.IOException("disk I/O error"))


def test_a_second_run_continues_from_the_first_on_any_system(filled, monkeypatch):
    without(monkeypatch)
    with filled.writing(run_id="night-2", flow="nightly") as writer:
        writer.commit("1", nights.batch(2, 0))
        writer.publish()
        assert writer.query("SELECT count(*) AS n FROM article")["n"].to_pylist() == [16]
