"""Remarks of a command: what a person should know although nothing has failed."""

import typer


def print_remark(text: str) -> None:
    """Tell the person something on standard error; the text may contain words from a file."""
    from tasks.outcome import printable

    typer.echo(f"Attention: {printable(text)}", err=True)
