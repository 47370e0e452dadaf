"""Files that a command writes, and those that it must not: its inputs, somebody's work, names of another format."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from commentariat import InputError

ForceOption = Annotated[bool, typer.Option("--force", help="Replace a file that is already there.")]

_FORMATS = {
    ".csv", ".docx", ".gz", ".htm", ".html", ".md", ".parquet", ".pdf", ".tsv", ".xlsx", ".zip", ".zst",
}  # fmt: skip
"""Endings that name the format of a file so clearly that its content must have it."""


def refuse_other_format(
    output: Path | None, written: str, endings: tuple[str, ...], advice: str = ""
) -> None:
    """Refuse a file whose ending names another format than the one that the command writes.

    Other endings, as in `results.2026-11-30`, name no format and are taken.

    Raises
    ------
    InputError
        When a program that opens the file by its ending could not read it.
    """
    if output is None or (suffix := output.suffix.lower()) in endings or suffix not in _FORMATS:
        return
    problem = f"{written} is written, which is not what {suffix} says"
    raise InputError(f"{output}: {problem}: name a file that ends in {endings[0]}{advice}")


@contextmanager
def output_explained(file: Path) -> Iterator[None]:
    """Turn an error of the file system into a message that names the file that was to be written.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise InputError(f"{file}: cannot be written: {error.strerror or error}") from error


def refuse_existing(file: Path, *, force: bool) -> None:
    """Refuse a file that is already there and not empty.

    Raises
    ------
    InputError
        When the file would be replaced, and ``force`` does not say so.
    """
    with output_explained(file):
        holds_something = file.is_file() and file.stat().st_size > 0
    if holds_something and not force:
        raise InputError(f"{file}: already there; name another file, or replace it with --force")


def refuse_input_as_output(output: Path | None, inputs: Iterable[Path]) -> None:
    """Refuse an output that is a file from which the command reads, under whatever name.

    Raises
    ------
    InputError
        When the output would replace an input.
    """
    if output is None:
        return
    with output_explained(output):
        is_replaced = output.is_file() and any(path.exists() and path.samefile(output) for path in inputs)
    if is_replaced:
        raise InputError(f"{output}: the command reads this file and would replace it; name another output")
