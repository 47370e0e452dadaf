"""Files that a command must not replace: its own inputs, and files in which somebody may have worked."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from commentariat import InputError

ForceOption = Annotated[bool, typer.Option("--force", help="Replace a file that is already there.")]


def refuse_existing(file: Path, *, force: bool) -> None:
    """Refuse a file that is already there and not empty.

    Raises
    ------
    InputError
        When the file would be replaced, and ``force`` does not say so.
    """
    try:
        holds_something = file.is_file() and file.stat().st_size > 0
    except OSError as error:
        raise InputError(f"{file}: cannot be written: {error.strerror or error}") from error
    if holds_something and not force:
        raise InputError(f"{file}: already there; name another file, or replace it with --force")


def refuse_input_as_output(output: Path | None, inputs: Iterable[Path]) -> None:
    """Refuse an output that is a file from which the command reads, under whatever name.

    Raises
    ------
    InputError
        When the output would replace an input.
    """
    try:
        if output is None or not output.is_file():
            return
        same = next((path for path in inputs if path.exists() and path.samefile(output)), None)
    except OSError as error:
        raise InputError(f"{output}: cannot be written: {error.strerror or error}") from error
    if same is not None:
        raise InputError(f"{output}: the command reads this file and would replace it; name another output")
