"""The command line, called as the console script calls it, and a published warehouse to query."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.cli import main
from tests.warehouse import nights
from warehouse import Warehouse


@dataclass(frozen=True)
class Ended:
    """The exit code and the output of a command."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Run ``commentariat`` with arguments, in an empty folder and without settings of the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: object) -> Ended:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["commentariat", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        written = capsys.readouterr()
        return Ended(code, written.out, written.err)

    return run


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with one published night of twelve articles, made by hand; not to be written to."""
    path = tmp_path_factory.mktemp("published") / "warehouse"
    with Warehouse(path).writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        for number in range(3):
            writer.commit(f"{number:04d}", nights.batch(1, number))
        writer.update_search()
        writer.finish("12 articles")
        writer.publish()
    return path
