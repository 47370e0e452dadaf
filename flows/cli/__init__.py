"""The command line ``commentariat``. Each command is a module of its own; an error is printed as one message.

A worker process imports this package once more, because the program of its parent began here. Therefore what the
commands need is imported by :func:`main`.
"""

import sys

from commentariat import CommentariatError

__all__ = ["main"]


def main() -> None:
    """Run the command line; a :class:`CommentariatError` ends it with its message and its exit code.

    A character that the encoding of standard output does not have, such as a curly quotation mark in Latin-1, is shown
    as ``?``. What is written for programs is not affected.
    """
    import atexit
    import errno
    import gc
    import io
    from contextlib import suppress

    import typer

    from flows.cli.commands import application
    from flows.cli.remarks import shown
    from flows.monitoring.discarding import discard_rest

    # The first to be registered is the last to be called. The interpreter would search all objects once more before it
    # ends: half a second after a run, for memory that is free a moment later anyway.
    atexit.register(gc.freeze)
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="replace")
    try:
        application(sys.argv[1] if len(sys.argv) > 1 else "")()
    except CommentariatError as error:
        colour = typer.colors.RED if sys.stderr.isatty() else None
        typer.secho(f"commentariat: {shown(str(error))}", err=True, fg=colour)
        raise SystemExit(error.exit_code) from None
    except OSError as error:
        # Errors of files name the file, and have messages of their own. One without a name is of standard output.
        no_room = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
        if error.filename is not None or error.errno not in no_room:
            raise
        discard_rest(sys.stdout)
        with suppress(OSError):
            typer.echo(f"commentariat: standard output cannot be written: {error.strerror}", err=True)
        raise SystemExit(1) from None
