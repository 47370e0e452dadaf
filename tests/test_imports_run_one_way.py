"""flows -> tasks -> models, warehouse -> commentariat; training -> models: no import runs against an arrow.

``commentariat`` is below all others, since they import its errors, and also the door for Python: its functions import
what they need when they are called.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Container, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "commentariat": set(),
    "models": {"commentariat"},
    "warehouse": {"commentariat"},
    "tasks": {"commentariat", "models", "warehouse"},
    "flows": {"commentariat", "models", "warehouse", "tasks"},
    "training": {"commentariat", "models"},
}
FLOORS_OF_FLOWS = (  # from the top down; a room imports what lies below it, and never what lies above or beside it
    ("cli",),
    ("serving", "explorer"),
    ("nightly", "rescore", "maintenance"),
    ("report",),
    ("monitoring",),
    ("night",),
    ("sample", "settings"),
)
OURS = set(MAY_IMPORT)
ADDED_IN_314 = {"compression"}  # of the standard library; imported where it is there


def _modules(package: str) -> list[Path]:
    folder = ROOT / package
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [ROOT / f"{package}.py"]


def _imported(module: Path) -> Iterator[tuple[int, str]]:
    """Every top-level name that a module imports, also inside functions, with its line."""
    yield from ((line, name.partition(".")[0]) for line, name in _imported_names(module))


def _imported_names(module: Path) -> Iterator[tuple[int, str]]:
    """Every dotted name that a module imports, also inside functions, with its line: ``flows.night.run.Run``."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _place(module: Path, line: int) -> str:
    return f"{module.relative_to(ROOT)}:{line}"


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_lies_below_it(package: str):
    allowed = MAY_IMPORT[package] | {package}
    against = [
        f"{_place(module, line)} imports {name}"
        for module in _modules(package)
        for line, name in (_imported_on_import if package == "commentariat" else _imported)(module)
        if name in OURS - allowed
    ]
    assert not against, "\n".join(against)


def test_every_module_of_flows_is_in_a_room_that_the_test_knows():
    rooms = {
        path.name.removesuffix(".py") for path in (ROOT / "flows").iterdir() if _is_module_or_package(path)
    }
    assert rooms - {"__init__"} == set(chain(*FLOORS_OF_FLOWS))


@pytest.mark.parametrize("room", list(chain(*FLOORS_OF_FLOWS)))
def test_a_room_of_flows_imports_only_what_lies_below_it(room: str):
    floor = next(number for number, rooms in enumerate(FLOORS_OF_FLOWS) if room in rooms)
    allowed = {room, *chain(*FLOORS_OF_FLOWS[floor + 1 :])}
    against = [
        f"{_place(module, line)} imports {name}"
        for module in _modules(f"flows/{room}")
        for line, name in _imported_names(module)
        if name.startswith("flows.") and name.split(".")[1] not in allowed
    ]
    assert not against, "\n".join(against)


def test_no_modules_import_each_other_in_a_circle():
    modules = {_name(path): path for package in MAY_IMPORT for path in _modules(package)}
    imports = {
        name: {_module_of(imported, modules) for _, imported in _imported_names(path)} - {None, name}
        for name, path in modules.items()
        if name != "commentariat"
    }
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _module_of(imported: str, modules: Container[str]) -> str | None:
    """Give the module of ours that holds an imported name; what is imported may be a module itself."""
    while imported and imported not in modules:
        imported = imported.rpartition(".")[0]
    return imported or None


def _is_module_or_package(path: Path) -> bool:
    return path.suffix == ".py" or (path / "__init__.py").is_file()


def test_only_flows_and_the_stations_know_prefect():
    knowing = {
        _place(module, line)
        for package in ("commentariat", "models", "warehouse", "tasks")
        for module in _modules(package)
        for line, name in _imported(module)
        if name.startswith("prefect") and module != ROOT / "tasks" / "stations.py"
    }
    assert not knowing


def test_the_classifier_needs_no_torch_unless_it_is_trained_or_a_checkpoint_is_named():
    eager = {
        _place(module, line)
        for module in _modules("models")
        for line, name in _imported_on_import(module)
        if name in {"torch", "onnx", "safetensors"}
    }
    assert not eager


def test_nothing_imports_the_tests_or_the_benchmarks():
    wrong = {
        _place(module, line)
        for package in MAY_IMPORT
        for module in _modules(package)
        for line, name in _imported(module)
        if name in {"tests", "benchmarks"}
    }
    assert not wrong


def test_everything_imported_is_ours_or_declared_or_in_the_standard_library():
    """An import that only works because of what another package happens to install breaks one day."""
    declared = _declared()
    unknown = {
        f"{_place(module, line)} imports {name}"
        for package in MAY_IMPORT
        for module in _modules(package)
        for line, name in _imported(module)
        if name not in OURS | sys.stdlib_module_names | ADDED_IN_314 | declared
    }
    assert not unknown, "\n".join(sorted(unknown))


def _imported_on_import(module: Path) -> Iterator[tuple[int, str]]:
    """What is imported as soon as the module is, as opposed to inside a function or for type checkers."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module.partition(".")[0]


def _declared() -> set[str]:
    """Importable names of the distributions that pyproject.toml lists."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    names = {re.split(r"[^A-Za-z0-9._-]", line)[0].lower().replace("-", "_") for line in listed}
    differently_named = {
        "readability_lxml": "readability",
        "backports.zstd": "backports",
    }
    return {differently_named.get(name, name) for name in names}
