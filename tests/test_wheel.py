"""The wheel holds the files that are needed to run, and is no larger than necessary."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pydantic
import pytest

hatchling = pytest.importorskip("hatchling.build")

PROJECT = Path(__file__).parent.parent
#: The weights are 95 MB of the unpacked wheel, and are hardly smaller when packed.
LARGEST_BYTES = 95_000_000
LARGEST_BYTES_BESIDE_THE_WEIGHTS = 2_000_000
WEIGHTS = ".onnx"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as pip does, without fetching the build tools."""
    folder, here = tmp_path_factory.mktemp("dist"), Path.cwd()
    os.chdir(PROJECT)  # by PEP 517, a build backend is called in this folder
    try:
        return folder / hatchling.build_wheel(str(folder))
    finally:
        os.chdir(here)


@pytest.fixture(scope="module")
def sizes(wheel: Path) -> dict[str, int]:
    """Files of the wheel except its description, with the packed size of each in bytes."""
    with zipfile.ZipFile(wheel) as archive:
        return {
            entry.filename: entry.compress_size
            for entry in archive.infolist()
            if ".dist-info/" not in entry.filename
        }


def test_it_holds_the_four_packages_and_the_one_to_import(sizes: dict[str, int]) -> None:
    assert {name.partition("/")[0] for name in sizes} == {
        "commentariat",
        "flows",
        "tasks",
        "models",
        "warehouse",
    }


def test_every_file_that_the_packages_need_is_in_it(sizes: dict[str, int]) -> None:
    code = {
        path.relative_to(PROJECT).as_posix()
        for package in ("commentariat", "flows", "tasks", "models", "warehouse")
        for path in (PROJECT / package).rglob("*")
        if path.suffix in {".py", ".typed", ".sql", ".onnx", ".npy", ".j2", ".css", ".js", ".svg"}
    }
    assert code <= sizes.keys()
    assert {
        "flows/cli/starter.toml",
        "models/fast/tokenizer.json",
        "models/taxonomies/iptc.toml",
    } <= sizes.keys()


def test_it_holds_no_data_for_training_evaluation_or_tests(sizes: dict[str, int]) -> None:
    unwanted = {"training", "tests", "benchmarks", "__pycache__"}
    assert [name for name in sizes if unwanted & set(name.split("/"))] == []
    # The pages and files of the sample are among these; rows of training data would be .jsonl or .parquet.
    kinds = {
        ".py",
        ".typed",
        ".sql",
        ".toml",
        ".json",
        ".onnx",
        ".npy",
        ".md",
        ".html",
        ".htm",
        ".pdf",
        ".css",
        ".j2",
        ".js",
        ".svg",
    }
    assert {Path(name).suffix for name in sizes} == kinds


def test_it_is_no_larger_than_the_files_needed_to_run(wheel: Path, sizes: dict[str, int]) -> None:
    assert wheel.stat().st_size < LARGEST_BYTES
    rest = sum(size for name, size in sizes.items() if not name.endswith(WEIGHTS))
    assert rest < LARGEST_BYTES_BESIDE_THE_WEIGHTS


SCRIPT = """import commentariat
reveal_type(commentariat.connect("commentary"))
reveal_type(commentariat.classify(["A text."], [commentariat.Target("toll", "Drivers should pay")]))
commentariat.connect(tables=["outlets.csv"])
commentariat.NightRequest(), commentariat.RescoreRequest(), commentariat.MaintenanceRequest(min_files=9)
"""


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel, with pydantic alone so that few modules are checked; return the interpreter."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages, [name for name in archive.namelist() if not name.endswith(WEIGHTS)])
    (packages / "pydantic").symlink_to(Path(pydantic.__file__).parent)
    return folder / "bin" / "python"


def test_a_type_checker_sees_the_types_of_what_is_imported(installed: Path, tmp_path: Path) -> None:
    """mypy takes the types of an installed package only if it has a file py.typed; so must those it imports from."""
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--python-executable", installed, "script.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    said = checked.stdout
    assert 'script.py:2: note: Revealed type is "warehouse.querying.connect.Reader"' in said, (
        said + checked.stderr
    )
    assert 'script.py:3: note: Revealed type is "list[models.interface.Reading]"' in said
    assert 'script.py:4: error: Argument "tables" to "connect" has incompatible type "list[str]"' in said
    assert "Found 1 error in 1 file" in said
