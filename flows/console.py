"""What a person sees while a command works: progress bars on a terminal, plain lines in a pipe."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Advance = Callable[[int], None]


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Advance]:
    """Show how far a command is, on standard error so that standard output stays clean.

    On a terminal a bar; in a pipe nothing but one line at the end.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        done = 0

        def count(step: int) -> None:
            nonlocal done
            done += step

        yield count
        console.print(f"{label}: {done} done", highlight=False)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda step: bar.advance(task, step)


@contextmanager
def run_quietly(*, verbose: bool) -> Iterator[None]:
    """Keep Prefect's console lines for those who ask; with a server, the log is in its UI all the same.

    Must be entered before Prefect is first imported, since Prefect sets up logging on import.
    """
    if not verbose and "prefect" not in sys.modules:
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
        os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "ERROR")
    # Without a server named, Prefect starts one for the length of the run; on a busy machine that takes a while.
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    yield
