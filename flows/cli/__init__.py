"""The command line ``commentariat``. Each command is a module of its own; errors become one clear message."""

import os
import sys

import typer

from commentariat import CommentariatError
from flows.cli import classify, extract, init, rescore, run, serve, sql, status, up, verify
from flows.cli.app import app

__all__ = ["app", "main"]

# Importing a command's module registers it; the order here is the order of `commentariat --help`.
_COMMANDS = (init, run, serve, up, status, sql, classify, extract, rescore, verify)


def main() -> None:
    """Run the command line; a :class:`CommentariatError` ends it with its message and its exit code."""
    try:
        app()
    except CommentariatError as error:
        typer.secho(f"commentariat: {error}", err=True, fg=typer.colors.RED if sys.stderr.isatty() else None)
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        # `commentariat sql ... | head` closes our output early, which is no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
