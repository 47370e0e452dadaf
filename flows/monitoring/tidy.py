"""Prints tables and lines without trailing spaces, for people who copy them and for programs that read them."""

from rich.console import Console, RenderableType


def print_tidy(console: Console, *things: RenderableType) -> None:
    """Print tables and lines without the spaces that fill each line to the width of its table."""
    with console.capture() as captured:
        for thing in things:
            console.print(thing, highlight=False)
    console.file.writelines(line.rstrip() + "\n" for line in captured.get().splitlines())
