"""Rules for the whole code, on which every person who reads it can rely."""

import ast
import pkgutil
import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.long_tests import LONG

ROOT = Path(__file__).parent.parent
PACKAGES = ("flows", "tasks", "models", "training", "warehouse")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST_MODULE = 325
LONGEST_SQL_IN_PYTHON = 100
MOST_BYTES_OF_MODELS = 110_000_000
MEANINGLESS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base_classes"}


def _id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_module_has_a_meaningless_name():
    assert not [_id(module) for module in MODULES if module.stem in MEANINGLESS]


def test_no_loop_has_a_variable_that_does_not_say_what_it_holds():
    """In "for one in some" a person must look up what both are."""
    found = [
        f"{_id(module)}:{name.lineno}"
        for module in MODULES
        for loop in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(loop, ast.For | ast.AsyncFor | ast.comprehension)
        for name in ast.walk(loop.target)
        if isinstance(name, ast.Name) and name.id in {"one", "some"}
    ]
    assert not found


def test_no_module_is_too_long():
    long = {_id(m): n for m in MODULES if (n := len(m.read_text("utf-8").splitlines())) > LONGEST_MODULE}
    assert not long


def test_every_exception_from_a_rule_of_ruff_or_mypy_has_its_reason_on_its_line():
    exception = re.compile(
        r"# (?:noqa|type: ignore)\b(?!.*# (?:noqa|type: ignore)\b)\S*(?: [A-Z]+\d+,?)*(?P<reason>.*)"
    )
    without = [
        f"{_id(module)}:{number}"
        for module in MODULES
        for number, line in enumerate(module.read_text("utf-8").splitlines(), start=1)
        if (found := exception.search(line)) and not re.search(r"[a-z]{2,}", found["reason"])
    ]
    assert not without


@pytest.mark.parametrize("package", ["flows", "tasks"])
def test_sql_statements_are_in_sql_files(package: str):
    """There, statements have names, and people who know SQL but not Python can read, run and review them."""
    statement = re.compile(
        r"\b(SELECT|INSERT INTO|DELETE FROM|UPDATE|CREATE)\b.{1,400}\b(FROM|VALUES|SET|AS)\b", re.S
    )
    found = [
        f"{_id(module)}:{node.lineno}"
        for module in sorted((ROOT / package).rglob("*.py"))
        for node in _strings_that_are_not_prose(module)
        if statement.search(node.value)
    ]
    assert not found


def test_sql_of_the_warehouse_is_in_sql_files_unless_it_is_short_or_names_are_written_into_it():
    statement = re.compile(r"\b(SELECT|INSERT|DELETE FROM|UPDATE|CREATE)\b")
    found = [
        f"{_id(module)}:{node.lineno}"
        for module in sorted((ROOT / "warehouse").rglob("*.py"))
        for node in _strings_that_are_not_prose(module)
        if len(node.value) > LONGEST_SQL_IN_PYTHON and statement.search(node.value)
    ]
    assert not found


def test_nothing_large_is_committed():
    """A large file remains in every full clone for ever; only the model is large, and it is small for a model."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout
    if not listed:
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in listed.decode().split("\0") if name]
    large = {_id(f): f.stat().st_size for f in files if f.is_file() and f.stat().st_size > 1_000_000}
    assert all(name.startswith("models/") and size < 95_000_000 for name, size in large.items()), large


def test_models_hold_one_set_of_weights_and_no_large_file_twice():
    """Each committed set of weights remains in every full clone for ever, so only one is committed for a release."""
    listed = subprocess.run(
        ["git", "ls-files", "-s", "-z"], cwd=ROOT, capture_output=True, check=False
    ).stdout
    if not listed:
        pytest.skip("not a git checkout")
    blobs = [(line.split()[1], line.split("\t", 1)[1]) for line in listed.decode().split("\0") if line]
    large = [(blob, name) for blob, name in blobs if _size(name) > 100_000]
    assert len({blob for blob, _ in large}) == len(large), "the same file stands at two places"
    assert sum(_size(name) for _, name in blobs if name.startswith("models/")) < MOST_BYTES_OF_MODELS


def _size(name: str) -> int:
    return (ROOT / name).stat().st_size if (ROOT / name).is_file() else 0


def test_every_module_of_a_run_is_on_the_page_on_the_architecture():
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    section = page.split("\n## The modules of a run\n")[1].split("\n## ")[0]
    modules = {path.name for path in (ROOT / "flows" / "night").rglob("*.py")} - {"__init__.py"}
    assert set(re.findall(r"`(\w+\.py)`", section)) == modules


def test_modules_named_on_the_page_on_the_warehouse_exist():
    page = (ROOT / "docs" / "warehouse.md").read_text("utf-8")
    modules = {path.relative_to(ROOT / "warehouse").as_posix() for path in (ROOT / "warehouse").rglob("*.py")}
    named = {name.removeprefix("warehouse/") for name in re.findall(r"`([\w/]+\.py)`", page)}
    assert len(named) > 30
    assert {n for n in named if "/" in n} <= modules
    assert named <= modules | {module.rpartition("/")[2] for module in modules}


def test_files_of_the_project_that_the_pages_name_exist():
    """The results of experiments, which name what was removed later, and the changelog are histories."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout
    if not listed:
        pytest.skip("not a git checkout")
    files = [name for name in listed.decode().split("\0") if name]
    places = {*files, *(parent.as_posix() for name in files for parent in Path(name).parents)}
    folders = {name.partition("/")[0] for name in files if "/" in name}
    pages = [
        name
        for name in files
        if name in ("README.md", "CONTRIBUTING.md") or (name.startswith("docs/") and name.endswith(".md"))
    ]
    named = [
        (page, path)
        for page in pages
        if page != "docs/results/experiments.md"
        for path in _paths_named_in((ROOT / page).read_text("utf-8"), folders)
    ]
    assert len({path for _, path in named}) > 100
    missing = [f"{page}: {path}" for page, path in named if not _is_there(path, places)]
    assert not missing, "correct the path; or, if the file is new, `git add` it"


def _paths_named_in(page: str, folders: set[str]) -> Iterator[str]:
    """Find the paths between backticks that begin with a folder of the project or are those of a module or query."""
    for code in re.findall(r"`([^`\n]+)`", page):
        for word in code.split():
            path = word.partition("::")[0].rstrip("/.,;")
            is_path = re.fullmatch(r"[\w.*/-]+", path) and not path.startswith("commentary/")
            in_project = "/" in path and path.partition("/")[0] in folders
            if is_path and (in_project or re.search(r"\w\.(py|sql)$", path)):
                yield path


def _is_there(path: str, places: set[str]) -> bool:
    """Say whether a path is that of a file or folder, or its end; `NAME` and a star stand for any name."""
    pattern = path.replace("NAME", "*")
    return path in places or any(
        fnmatch(place, pattern) or fnmatch(place, f"*/{pattern}") for place in places
    )


def test_names_in_the_glossary_exist():
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    names = re.findall(r"`((?:flows|models|tasks|warehouse)\.[\w.]+)`", glossary)
    assert len(names) > 20
    for name in names:
        try:
            pkgutil.resolve_name(name)
        except (ImportError, AttributeError) as error:
            pytest.fail(f"docs/glossary.md names {name}: {error}")


def _strings_that_are_not_prose(module: Path) -> list[ast.Constant]:
    """Return the string constants, without docstrings and without examples that a command prints."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and "commentariat sql" not in node.value
    ]


def test_the_long_tests_exist():
    assert [place for place in LONG if not (ROOT / place).exists()] == []


def test_every_file_with_slow_tests_is_named_with_its_reason():
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    mark = "mark." + "slow"
    slow = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("test_*.py")
        if mark in path.read_text("utf-8")
    }
    assert slow
    assert {name for name in slow if f"  - `{name}`" not in page} == set()
