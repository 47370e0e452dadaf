"""flows -> tasks -> models, warehouse -> commentariat; training -> models: no import runs against an arrow.

The modules and folders of flows, tasks and warehouse have an order too, and so have those of their largest folders.

All other packages import the errors of ``commentariat``, so it is below them. It is also the package to use in Python:
its functions import the other packages when they are called.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Container, Iterator
from functools import cache
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
# From the top down: a module or folder imports only those of lower levels.
LEVELS_OF_FLOWS = (
    ("cli",),
    ("serving", "explorer"),
    ("nightly", "rescore", "maintenance"),
    ("report",),
    ("monitoring",),
    ("night",),
    ("sample", "settings"),
)
LEVELS_OF_WAREHOUSE = (
    ("warehouse",),
    ("upkeep", "exporting"),
    ("writing", "querying"),
    ("annotations",),
    ("sharing", "publishing", "search", "near"),
    ("log",),
    ("definitions", "spending"),
    ("engine", "spill", "sql_files"),
    ("durable",),
)
LEVELS_OF_TASKS = (
    ("stations", "classify_files", "extract_files"),
    ("discover", "local_page", "review", "second_model"),
    ("fetch", "extract", "decide", "reference_rows"),
    ("load", "local_files", "named_inputs", "page"),
    ("dedupe", "item", "sources", "stored_names", "targets"),
    (
        "addresses",
        "attempts",
        "classify",
        "file_endings",
        "home",
        "nearest",
        "off_event_loop",
        "outcome",
        "section",
        "text",
        "whole_path",
        "wilson",
    ),
    ("asked_article",),
    ("article",),
)
LEVELS_OF_EXTRACT = (
    ("batch",),
    ("workers",),
    ("in_worker",),
    ("extract",),
    ("judgment",),
    ("read_page",),
    ("body",),
    ("editorial", "plain_text"),
    ("paragraphs",),
    ("metadata",),
    ("kind", "settings"),
    ("charset", "data_formats", "explanation", "html_tree", "patterns", "requirements"),
)
LEVELS_OF_NIGHT = (
    ("second_model",),
    ("scoring",),
    ("intake",),
    ("comparison", "configured_models", "opening"),
    ("run",),
    ("classifier", "concurrent_load", "garbage", "lock", "portions", "prefetch", "target_remarks"),
)
LEVELS = {
    "flows": LEVELS_OF_FLOWS,
    "flows/night": LEVELS_OF_NIGHT,
    "tasks": LEVELS_OF_TASKS,
    "tasks/extract": LEVELS_OF_EXTRACT,
    "warehouse": LEVELS_OF_WAREHOUSE,
}
OURS = set(MAY_IMPORT)
ADDED_IN_314 = {"compression"}  # modules of the standard library, imported if they exist


def _modules(package: str) -> list[Path]:
    folder = ROOT / package
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [ROOT / f"{package}.py"]


def _imported(module: Path) -> Iterator[tuple[int, str]]:
    """Yield every top-level name that a module imports, also inside functions, with its line."""
    yield from ((line, name.partition(".")[0]) for line, name in _imported_names(module))


@cache
def _imported_names(module: Path) -> list[tuple[int, str]]:
    """List every dotted name that a module imports, also inside functions, with its line: ``flows.night.run.Run``."""
    names = []
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return names


def _place(module: Path, line: int) -> str:
    return f"{module.relative_to(ROOT)}:{line}"


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_packages_below_it(package: str):
    allowed = MAY_IMPORT[package] | {package}
    against = [
        f"{_place(module, line)} imports {name}"
        for module in _modules(package)
        for line, name in (_imported_on_import if package == "commentariat" else _imported)(module)
        if name in OURS - allowed
    ]
    assert not against, "\n".join(against)


@pytest.mark.parametrize("folder", LEVELS)
def test_every_module_and_folder_of_a_folder_with_levels_has_one(folder: str):
    parts = {
        path.name.removesuffix(".py") for path in (ROOT / folder).iterdir() if _is_module_or_package(path)
    }
    assert parts - {"__init__"} == set(chain(*LEVELS[folder]))


@pytest.mark.parametrize(
    ("folder", "part"), [(folder, part) for folder in LEVELS for part in chain(*LEVELS[folder])]
)
def test_a_part_of_a_folder_imports_only_parts_below_it(folder: str, part: str):
    levels, package = LEVELS[folder], folder.replace("/", ".") + "."
    level = next(number for number, parts in enumerate(levels) if part in parts)
    allowed = {part, *chain(*levels[level + 1 :])}
    against = [
        f"{_place(module, line)} imports {name}"
        for module in _modules(f"{folder}/{part}")
        for line, name in _imported_names(module)
        if name.startswith(package) and name.removeprefix(package).split(".")[0] not in allowed
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
    """Return the module of this project that holds an imported name, which may be a module itself."""
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
    """Otherwise an import would work only as long as another package installs the imported one."""
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
    """Yield the names that are imported together with a module, and not inside functions or for type checkers."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module.partition(".")[0]


def _declared() -> set[str]:
    """Return the importable names of the distributions that pyproject.toml lists."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    names = {re.split(r"[^A-Za-z0-9._-]", line)[0].lower().replace("-", "_") for line in listed}
    differently_named = {
        "readability_lxml": "readability",
        "backports.zstd": "backports",
    }
    return {differently_named.get(name, name) for name in names}
