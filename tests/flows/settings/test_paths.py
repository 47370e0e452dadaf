"""Paths in a configuration: the folder from which they start, the home folder, and empty ones."""

from pathlib import Path

import pytest

from flows.settings.config import load_config
from tests.flows.settings.conftest import complaint


def test_relative_paths_are_read_from_the_folder_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write
):
    file = write(
        '[warehouse]\npath = "store"\n[[sources]]\nname = "a"\ntype = "files"\nlocation = "texts/"\n'
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    config = load_config(file, {})
    assert config.warehouse.path == tmp_path / "store"
    assert Path(config.sources[0].locations[0]) == tmp_path / "texts"


@pytest.mark.usefixtures("elsewhere")
def test_archives_are_kept_in_the_folder_of_the_file(write, tmp_path: Path):
    assert load_config(write('[fetch]\narchives = "old"\n'), {}).fetch.archives == tmp_path / "old"
    assert load_config(write('[fetch]\narchives = "/srv/old"\n'), {}).fetch.archives == Path("/srv/old")
    assert load_config(write('[fetch]\narchives = "~/old"\n'), {}).fetch.archives == Path.home() / "old"


def test_the_sample_keeps_its_warehouse_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert load_config(None, {}).warehouse.path == tmp_path / "commentary"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[warehouse]\npath = "~nosuchuser/x"\n', "warehouse.path"),
        ('[warehouse]\nshared = "~nosuchuser/x"\n', "warehouse.shared"),
        ('[model]\ncalibration = "~nosuchuser/x"\n', "model.calibration"),
        ('[tables]\noutlets = "~nosuchuser/x.csv"\n', "tables.outlets"),
        ('[fetch]\narchives = "~nosuchuser/x"\n', "fetch.archives"),
        ('[[sources]]\nname = "a"\ntype = "files"\nlocation = "~nosuchuser/x"\n', "sources[0]: locations"),
    ],
)
def test_a_home_folder_that_is_not_known_is_reported_by_its_key(write, text: str, key: str):
    message = complaint(write(text))
    assert f"{key}: the home folder ~nosuchuser is not known: write the whole path" in message


def test_without_any_home_folder_the_key_to_set_is_named(write, monkeypatch: pytest.MonkeyPatch):
    def unknown(path: Path) -> Path:
        if path.parts[:1] == ("~",):
            raise RuntimeError("Could not determine home directory.")
        return path

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "expanduser", unknown)
    message = complaint(write(""))
    assert "fetch.archives: the home folder ~ is not known: write the whole path, or set HOME" in message
    load_config(write('[fetch]\narchives = "/var/cache/commentariat"\n'), {})


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[warehouse]\npath = ""\n', "warehouse.path"),
        ('[warehouse]\npath = " "\n', "warehouse.path"),
        ('[model]\ncalibration = ""\n', "model.calibration"),
        ('[model]\nname = ""\n', "model.name"),
        ('[topics]\ntaxonomy = ""\n', "topics.taxonomy"),
        ('[tables]\noutlets = ""\n', "tables.outlets"),
        ('[fetch]\narchives = ""\n', "fetch.archives"),
        ('[[sources]]\nname = "a"\ntype = "files"\nlocation = ""\n', "sources[0]: locations"),
    ],
)
def test_an_empty_path_is_refused_and_is_not_the_current_folder(write, text: str, key: str):
    assert f"{key}: is empty: write a path, or leave it out" in complaint(write(text))
