"""The wheel holds the files that are needed to run, and is no larger than necessary."""

import os
import zipfile
from pathlib import Path

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
        if path.suffix in {".py", ".sql", ".onnx", ".j2", ".css", ".js", ".svg"}
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
        ".sql",
        ".toml",
        ".json",
        ".onnx",
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
