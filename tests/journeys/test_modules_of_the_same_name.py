"""The user's modules in the working directory may have the names of our packages; they are never imported in place.

Python and Prefect search the working directory before the installed packages when a process is started with ``-m`` and
when the code of a deployment is imported.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.console_script import Stranger
from tests.journeys.prefect_server import commentariat_up, pool, worker
from tests.journeys.press import slow_press, write_config
from warehouse import connect

PACKAGES = ("flows", "tasks", "models", "warehouse")


def put_modules(folder: Path) -> None:
    """Write two modules and two packages that cannot be imported."""
    for name in PACKAGES[:2]:
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("raise RuntimeError('this is a package of the user')\n")
    for name in PACKAGES[2:]:
        (folder / f"{name}.py").write_text("raise RuntimeError('this is a module of the user')\n")


def loaded(warehouse: Path) -> int:
    with connect(warehouse) as reader:
        return reader.query("SELECT count(*) AS n FROM outcome WHERE outcome = 'loaded'")["n"][0].as_py()


@pytest.fixture
def press() -> Iterator[int]:
    with slow_press() as port:
        yield port


@pytest.fixture
def config(tmp_path: Path, press: int) -> Path:
    """A configuration with two essays, in a folder with the user's modules."""
    put_modules(tmp_path)
    return write_config(tmp_path, press, pages=2)


def test_the_command_line_runs_a_night_and_answers(config: Path, prefect_api: str) -> None:
    stranger = Stranger.with_server(config.parent, prefect_api)
    ended = stranger.types("run")
    assert ended.code == 0, ended.err
    assert loaded(config.parent / "commentary") == 2
    asked = stranger.types("sql", "SELECT count(*) AS n FROM article", "-f", "csv")
    assert asked.out.split() == ["n", "2"], asked.err


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_served_night_takes_in_every_essay(config: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("prefect")
    with commentariat_up(home, config, working_directory=config.parent) as prefect:
        prefect.wait_for(prefect.start_night(), "Completed")
    assert loaded(config.parent / "commentary") == 2


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_night_that_a_worker_of_a_pool_runs_takes_in_every_essay(
    config: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pool(tmp_path_factory.mktemp("pool"), config) as prefect, worker(config.parent, prefect.environment):
        prefect.wait_for(prefect.start_night(), "Completed")
    assert loaded(config.parent / "commentary") == 2


@pytest.mark.parametrize("asked", ["connect()", "classify([], [])", "nightly"])
def test_the_error_of_a_script_in_that_folder_names_the_other_module(tmp_path: Path, asked: str) -> None:
    put_modules(tmp_path)
    (tmp_path / "script.py").write_text(f"import commentariat\ncommentariat.{asked}\n")
    ended = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    message = ended.stderr.splitlines()[-1]
    assert message.startswith(
        f"commentariat.CommentariatError: {tmp_path}/flows/__init__.py stands where Python"
    )
