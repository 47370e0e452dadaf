"""Files and folders that a command names: which files are read, in which order, and how they are called."""

from pathlib import Path

import pytest

from commentariat import InputError
from tasks.local_files.page_paths import named_pages, page_paths


def test_folders_are_searched_in_the_order_of_their_names(tmp_path: Path):
    for name in ("b.html", "a.txt", "sub/c.md", "picture.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [path.name for path in page_paths([tmp_path])] == ["a.txt", "b.html", "c.md"]


def test_a_file_that_is_named_is_taken_whatever_its_ending(tmp_path: Path):
    (tmp_path / "page.php").write_text("<p>words</p>")
    assert page_paths([tmp_path / "page.php"]) == [tmp_path / "page.php"]


def test_hidden_files_and_folders_are_passed_over_unless_they_are_named(tmp_path: Path):
    for name in ("a.txt", ".hidden.txt", ".git/b.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [path.name for path in page_paths([tmp_path])] == ["a.txt"]
    assert page_paths([tmp_path / ".hidden.txt"]) == [tmp_path / ".hidden.txt"]


def test_a_link_that_leads_nowhere_is_listed_so_that_it_is_reported(tmp_path: Path):
    (tmp_path / "a.txt").symlink_to(tmp_path / "nowhere")
    assert [path.name for path in page_paths([tmp_path])] == ["a.txt"]


def test_a_path_that_is_missing_is_reported(tmp_path: Path):
    with pytest.raises(InputError, match="nowhere: no such file or folder"):
        page_paths([tmp_path / "nowhere"])


def test_a_folder_that_cannot_be_read_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "one.html").write_text("<p>words</p>")
    monkeypatch.chdir(tmp_path)
    for _ in range(20):  # nobody, not even root, can list a folder with a path of over 4,096 characters
        Path("d" * 250).mkdir()
        monkeypatch.chdir("d" * 250)
    with pytest.raises(InputError, match="cannot be read"):
        page_paths([tmp_path])


def test_a_folder_without_pages_is_reported(tmp_path: Path):
    with pytest.raises(InputError, match=r"no pages there; looked for \.html"):
        page_paths([tmp_path])


def test_a_page_of_a_folder_is_called_by_its_path_there_and_a_named_file_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "pages" / "sub").mkdir(parents=True)
    (tmp_path / "pages" / "sub" / "a.txt").write_text("x")
    monkeypatch.chdir(tmp_path)
    for folder, name in (
        (tmp_path, "pages/sub/a.txt"),
        (Path(), "pages/sub/a.txt"),
        (Path("pages"), "sub/a.txt"),
    ):
        [page] = named_pages([folder])
        assert (page.name, page.folder) == (name, folder)
    [page] = named_pages([Path("pages/sub/a.txt")])
    assert (page.name, page.folder) == ("a.txt", None)
