"""What a person sees while a command works: progress bars on a terminal, plain lines in a pipe."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from flows.settings.server_settings import apply_prefect_settings

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
def narrated(*, verbose: bool) -> Iterator[None]:
    """Print what a run does, one line for each step on standard error, under a spinner where that is a terminal.

    What Prefect itself has to say is for those who ask; with a server, all of it is in its UI. Must be entered before
    Prefect is first imported, since Prefect sets up logging on import.
    """
    apply_prefect_settings(os.environ)
    if verbose:
        yield
        return
    if "prefect" not in sys.modules:
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
        os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "ERROR")
    import prefect  # noqa: PLC0415 - takes a second, and the variables above must be set before
    from prefect.logging.configuration import setup_logging  # noqa: PLC0415 - as above

    setup_logging()  # now and not with the first run, so that ours is added to it and stays
    console = Console(stderr=True)
    handler = _PrintingHandler(console, not_from=Path(prefect.__file__).parent)
    runs = logging.getLogger("prefect.flow_runs")
    runs.addHandler(handler)
    try:
        with console.status("working"):
            yield
    finally:
        runs.removeHandler(handler)


class _PrintingHandler(logging.Handler):
    """Prints what a flow of ours says; Prefect's own remarks come by the same logger and are left out."""

    def __init__(self, console: Console, *, not_from: Path) -> None:
        super().__init__(logging.INFO)
        self._console, self._not_from = console, not_from

    def emit(self, record: logging.LogRecord) -> None:
        if not Path(record.pathname).is_relative_to(self._not_from):
            line = record.getMessage()
            self._console.print(line, highlight=False, markup=False, style="dim", soft_wrap=True)
