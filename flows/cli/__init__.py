"""The command line ``commentariat``. Each command is a module of its own; an error is printed as one message."""

import io
import sys

import typer

from commentariat import CommentariatError
from flows.cli import (
    classify,
    compact,
    discover,
    explore,
    export,
    extract,
    init,
    maintain,
    publish,
    report,
    rescore,
    review,
    review_serve,
    run,
    search,
    second_model,
    serve,
    sql,
    status,
    takedown,
    try_,
    up,
    verify,
)
from flows.cli.app import app

__all__ = ["app", "main"]

# Importing a command's module registers it with the application; `commentariat --help` lists them in this order.
_COMMANDS = (
    init, run, serve, up, status, report, explore, sql, search, try_, export, classify, extract, discover, rescore,
    verify, maintain, publish, compact, takedown,
)  # fmt: skip
_GROUPS = (second_model, review, review_serve)
_ORDER = [module.__name__.rpartition(".")[2] for module in _COMMANDS]
app.registered_commands.sort(key=lambda command: _ORDER.index(getattr(command.callback, "__name__", "")))


def main() -> None:
    """Run the command line; a :class:`CommentariatError` ends it with its message and its exit code.

    A character that the encoding of standard output does not have, such as a curly quotation mark in Latin-1, is shown
    as ``?``. What is written for programs is not affected.
    """
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="replace")
    try:
        app()
    except CommentariatError as error:
        colour = typer.colors.RED if sys.stderr.isatty() else None
        typer.secho(f"commentariat: {error}", err=True, fg=colour)
        raise SystemExit(error.exit_code) from None
