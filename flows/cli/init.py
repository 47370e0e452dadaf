"""``commentariat init``: writes a commented configuration to start from."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from commentariat import ConfigError
from flows.cli.app import app, named_path

TEMPLATE = Path(__file__).with_name("starter.toml")
FOUND = Path("commentariat.toml")
"""The file that commands find in their folder without `--config`."""


@app.command()
def init(
    file: Annotated[Path, typer.Argument(help="File to write.", metavar="FILE", parser=named_path)] = FOUND,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is already there.")] = False,
) -> None:
    """Write a commented configuration to start from.

    For example: `commentariat init && $EDITOR commentariat.toml && commentariat run`
    """
    if file.is_dir():
        raise ConfigError(f"{file}: is a folder; name a file in it, such as {file / FOUND}")
    if file.exists() and not force:
        raise ConfigError(f"{file}: already there; --force overwrites it")
    try:
        file.write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror}") from error
    option = "" if FOUND.exists() and FOUND.samefile(file) else f" -c {shlex.quote(str(file))}"
    typer.echo(f"Wrote {file}. Name your sources and targets in it, then: commentariat run{option}")
