"""Which file is the configuration, and what is reported if it cannot be found or read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commentariat import ConfigError
from flows.settings.config import load_config
from flows.settings.file import SAMPLE_CONFIG, find_config
from flows.settings.server_settings import import_prefect
from tests.flows.settings.conftest import complaint


def test_invalid_toml_is_reported_with_its_line(write):
    assert "not valid TOML" in (printed := complaint(write("[run]\nbatch_size = = 3\n")))
    assert "line 2" in printed


def test_a_file_that_is_not_utf8_is_reported(tmp_path: Path):
    file = tmp_path / "commentariat.toml"
    file.write_bytes(b'[warehouse]\npath = "\xff\xfe"\n')
    assert "not valid TOML" in complaint(file)


def test_a_byte_order_mark_at_the_beginning_of_the_file_is_no_mistake(tmp_path: Path):
    file = tmp_path / "commentariat.toml"
    file.write_bytes(b"\xef\xbb\xbf[run]\r\nbatch_size = 8\r\n")
    assert load_config(file, {}).run.batch_size == 8


@pytest.mark.parametrize("is_named", [True, False])
def test_a_configuration_that_is_there_but_no_file_is_not_replaced_by_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_named: bool
):
    monkeypatch.chdir(tmp_path)
    file = Path("commentariat.toml")
    file.symlink_to("moved.toml")
    with pytest.raises(ConfigError, match=r"commentariat\.toml: is a link to a file that does not exist"):
        find_config(file if is_named else None)
    file.unlink()
    file.mkdir()
    with pytest.raises(ConfigError, match=r"commentariat\.toml: is not a file"):
        find_config(file if is_named else None)


def test_a_file_that_is_missing_is_reported_with_how_to_make_one(tmp_path: Path):
    with pytest.raises(ConfigError, match="commentariat init"):
        load_config(tmp_path / "nowhere.toml", {})


def test_a_file_that_may_not_be_read_is_reported(folder_with_permissions: Path):
    file = folder_with_permissions / "commentariat.toml"
    file.touch(0)
    assert "cannot be read: Permission denied" in complaint(file)


def test_without_a_name_the_file_in_this_folder_is_used_or_else_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write
):
    monkeypatch.chdir(tmp_path)
    assert find_config(None) == SAMPLE_CONFIG
    file = write("")
    assert find_config(None) == file.resolve()


def test_a_name_that_no_file_can_have_is_reported():
    with pytest.raises(ConfigError, match=r"a{300}: cannot be read: File name too long"):
        find_config(Path("a" * 300))


@pytest.mark.usefixtures("_in_a_folder_that_nobody_may_read")
def test_a_current_folder_that_cannot_be_read_is_reported():
    for look in (lambda: find_config(None), import_prefect):
        with pytest.raises(ConfigError, match=r"the current folder cannot be read .*: cd to another folder"):
            look()


def test_a_current_folder_that_was_deleted_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(ConfigError, match="the current folder cannot be read"):
        load_config(None, {})
    with pytest.raises(ConfigError, match="the current folder cannot be read"):
        load_config(SAMPLE_CONFIG, {})


READ_AS_A_RUN_READS_IT = """
from flows.settings.config import load_config
from flows.settings.file import find_config
print(load_config(find_config(None), {}).warehouse.path)
"""


def test_the_sample_of_an_installation_below_a_link_writes_into_the_current_folder(tmp_path: Path):
    installed = tmp_path / "installed"
    installed.symlink_to(Path(__file__).parents[3])
    here = tmp_path / "here"
    here.mkdir()
    ended = subprocess.run(
        [sys.executable, "-c", READ_AS_A_RUN_READS_IT],
        cwd=here,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout == f"{here}/commentary\n"
