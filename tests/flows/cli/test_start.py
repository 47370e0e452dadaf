"""Commands for which people wait import only what they need, because imports take most of their time."""

import subprocess
import sys
from pathlib import Path

import pytest

#: None of these is needed to list the commands or to query a warehouse.
_FOR_RUNS_ONLY = {
    "aiohttp", "asyncio", "fastwarc", "feedparser", "huggingface_hub", "jinja2", "lxml", "onnxruntime", "pebble",
    "prefect", "resiliparse", "starlette", "torch", "trafilatura", "transformers", "uvicorn",
}  # fmt: skip
_TO_READ_A_WAREHOUSE = {"duckdb", "numpy", "pyarrow"}
_NOT_FOR_A_QUERY = {
    "pandas", "pyarrow.csv", "pyarrow.dataset", "sqlite3", "charset_normalizer", "sentencex", "models.quotes",
    "warehouse.warehouse", "warehouse.writing.writer", "warehouse.log.commit_log", "flows.settings.config",
    "flows.settings.sections", "tasks.sources",
}  # fmt: skip
_PROGRAM = """
import atexit, sys
from flows.cli import main
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
main()
"""


def _modules(*arguments: object) -> set[str]:
    """Run a command in a process of its own; return the modules that it has imported."""
    command = [sys.executable, "-c", _PROGRAM, *map(str, arguments)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(ended.stderr.splitlines()[-1].split())


def _imported(*arguments: object) -> set[str]:
    """Run a command in a process of its own; return the packages that it has imported."""
    return {name.partition(".")[0] for name in _modules(*arguments)}


@pytest.mark.parametrize("arguments", [["--help"], ["sql", "--help"], ["run", "--help"]])
def test_help_imports_no_package_that_only_runs_or_queries_need(arguments: list[str]):
    imported = _imported(*arguments)
    assert "typer" in imported
    assert not imported & (_FOR_RUNS_ONLY | _TO_READ_A_WAREHOUSE)


def test_a_command_imports_the_module_of_no_other_command(published: Path):
    modules = _modules("sql", "SELECT 1", "--warehouse", published)
    assert "flows.cli.sql" in modules
    assert not modules & {"flows.cli.run", "flows.cli.review", "flows.cli.takedown"}


def test_a_worker_process_that_begins_where_a_command_began_imports_nothing_of_the_command_line():
    program = "import sys, flows.cli; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not set(ended.stdout.split()) & {"typer", "flows.cli.app", "flows.cli.commands"}


def test_an_sql_query_imports_no_package_that_only_runs_need(published: Path):
    imported = _imported("sql", "SELECT 1", "--warehouse", published)
    assert imported >= _TO_READ_A_WAREHOUSE
    assert not imported & _FOR_RUNS_ONLY


def test_an_sql_query_with_a_configuration_imports_no_package_that_only_runs_need(
    published: Path, tmp_path: Path
):
    config = tmp_path / "commentariat.toml"
    config.write_text(
        f'[warehouse]\npath = "{published.as_posix()}"\n[fetch]\nconnect_to = {{"a.example" = "127.0.0.1:80"}}\n'
    )
    imported = _imported("sql", "SELECT 1", "--config", config)
    assert imported >= _TO_READ_A_WAREHOUSE
    assert not imported & _FOR_RUNS_ONLY


def test_a_query_imports_nothing_that_writes(published: Path, tmp_path: Path):
    config = tmp_path / "commentariat.toml"
    config.write_text(f'[warehouse]\npath = "{published.as_posix()}"\n')
    modules = _modules("sql", "SELECT count(*) FROM stance", "--config", config)
    assert {"warehouse.querying.connect", "flows.settings.for_queries"} <= modules
    assert not modules & _NOT_FOR_A_QUERY
