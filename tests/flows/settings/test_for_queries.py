"""A query reads only the warehouse's folder and the user's own tables from a configuration, and does so quickly."""

import subprocess
import sys
from pathlib import Path

import pytest

from commentariat import ConfigError
from flows.settings.config import Config, load_config
from flows.settings.for_queries import KEYS, QueriedPlaces, queried_places
from tests.flows.settings.conftest import complaint

PLACES = '[warehouse]\npath = "store"\n[tables]\noutlets = "lists/outlets.csv"\nmine = "~/mine.parquet"\n'


def test_every_key_of_a_configuration_is_known():
    assert set(Config.model_fields) == KEYS
    assert QueriedPlaces.model_fields.keys() < KEYS


@pytest.mark.usefixtures("elsewhere")
def test_places_are_those_of_the_whole_configuration(write, tmp_path: Path):
    file = write(PLACES + "[run]\nbatch_size = 32\n")
    found, whole = queried_places(file, {}), load_config(file, {})
    assert found.warehouse == whole.warehouse
    assert found.warehouse.path == tmp_path / "store"
    assert (
        dict(found.tables)
        == dict(whole.tables)
        == {"outlets": tmp_path / "lists" / "outlets.csv", "mine": Path.home() / "mine.parquet"}
    )


def test_without_a_file_the_warehouse_is_in_the_current_folder(elsewhere: Path):
    assert queried_places(None, {}).warehouse.path == elsewhere / "commentary"


def test_a_mistake_in_another_section_does_not_keep_people_from_the_results(write, tmp_path: Path):
    file = write(PLACES + "[run]\nbatch_size = -5\n")
    with pytest.raises(ConfigError):
        load_config(file, {})
    assert queried_places(file, {}).warehouse.path == tmp_path / "store"


@pytest.mark.parametrize(
    "text",
    [
        '[warehous]\npath = "store"\n',
        '[warehouse]\npth = "store"\n',
        "[tables]\noutlets = 5\n",
        "[warehouse\n",
    ],
)
def test_a_mistake_in_what_a_query_needs_has_the_message_of_the_whole_configuration(write, text: str):
    file = write(text)
    with pytest.raises(ConfigError) as raised:
        queried_places(file, {})
    assert str(raised.value) == complaint(file)


@pytest.mark.parametrize("name", ["COMMENTARIAT_WAREHOUSE_PATH", "COMMENTARIAT_TABLES", "COMMENTARIAT_X__Y"])
def test_a_misspelt_variable_has_the_message_of_the_whole_configuration(write, name: str):
    file = write(PLACES)
    with pytest.raises(ConfigError) as raised:
        queried_places(file, {name: "/srv/commentary"})
    assert str(raised.value) == complaint(file, **{name: "/srv/commentary"})


def test_variables_override_the_file(write, tmp_path: Path):
    places = queried_places(write(PLACES), {"COMMENTARIAT_WAREHOUSE__PATH": "/srv/commentary"})
    assert places.warehouse.path == Path("/srv/commentary")
    assert places.tables["outlets"] == tmp_path / "lists" / "outlets.csv"
    with pytest.raises(ConfigError, match="COMMENTARIAT_WAREHOUS__PATH"):
        queried_places(write(PLACES), {"COMMENTARIAT_WAREHOUS__PATH": "/srv/commentary"})


@pytest.mark.parametrize("name", ["HOME", "COMMENTARIAT_SEED_DIR"])
def test_the_sections_that_a_query_does_not_need_are_not_imported(write, name: str):
    program = (
        "import sys\nfrom pathlib import Path\nfrom flows.settings.for_queries import queried_places\n"
        f"print(queried_places(Path({str(write(PLACES))!r}), {{{name!r}: '/'}}).warehouse.path.name)\n"
        "print(*sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    found, imported = ended.stdout.splitlines()
    assert found == "store"
    assert not {"flows.settings.config", "flows.settings.sections", "tasks.sources"} & set(imported.split())
