"""``python -m documents.refresh`` reads the sample with the present model, and writes the shown outputs again."""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from documents import notebook, shown

_SCRIPT = Path(sys.executable).with_name("commentariat")


def refresh(here: Path) -> None:
    """Run every command of the pages, and the notebook, in the folder ``here``; write their outputs into the pages."""
    summary = _print(here, "run")

    def printed(command: str) -> str:
        return summary if command == "make run" else _print(here, *shlex.split(command)[1:])

    for page in shown.PAGES:
        shown.refresh(page, printed)
    import nbformat  # noqa: PLC0415 - needed only to run a notebook

    nbformat.write(notebook.executed(here), notebook.NOTEBOOK)  # type: ignore[no-untyped-call, unused-ignore]  # no annotations there


def _print(here: Path, *arguments: str) -> str:
    environment = os.environ | {"COLUMNS": "120"}
    ended = subprocess.run(  # noqa: S603 - the commands are those of our own pages
        [_SCRIPT, *arguments], cwd=here, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return shown.as_shown(ended.stdout, here)


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        refresh(Path(folder).resolve())
