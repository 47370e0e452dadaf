"""What a command tells people on standard error: remarks, and the messages of errors."""

import typer


def print_remark(text: str) -> None:
    """Tell the person something, although nothing has failed; the text may contain words from a file."""
    typer.echo(f"Attention: {shown(text)}", err=True)


def shown(text: str) -> str:
    """Replace the characters that a terminal would obey by spaces; the ends of lines stay.

    Names in a file, which another person may have written, can hold commands to the terminal.
    """
    from tasks.outcome import printable

    # Bytes of a path that are no UTF-8 are shown as "\udce9".
    text = text.encode("utf-8", errors="backslashreplace").decode()
    return "\n".join(printable(line) for line in text.split("\n"))
