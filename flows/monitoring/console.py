"""Shows people the progress of a command: progress bars on a terminal, plain lines elsewhere."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from flows.monitoring.discarding import discard_rest
from flows.settings.server_settings import import_prefect

Advance = Callable[[int], None]


class StandardErrorConsole(Console):
    """Prints on standard error. If that becomes impossible, it prints nothing any more, and the run goes on.

    The disk of a log file can be full, and a program that reads the lines can end.
    """

    def __init__(self) -> None:
        super().__init__(stderr=True, emoji=False)

    def print_line(self, line: str, style: str | None = None) -> None:
        """Print one line as it is."""
        try:
            self.print(line, highlight=False, markup=False, style=style, soft_wrap=True)
        except OSError:
            self.on_broken_pipe()

    def on_broken_pipe(self) -> None:
        """Print nothing from now on; the library would end the program here."""
        _silence(self)


def _silence(console: Console) -> None:
    console.quiet = True
    with suppress(OSError, ValueError):
        discard_rest(sys.stderr)


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Advance]:
    """Show the progress of a command on standard error, so that standard output has the results only.

    A terminal shows a bar; a pipe, and a terminal that cannot draw (``TERM=dumb``), get one line at the end.
    """
    console = StandardErrorConsole()
    if not console.is_interactive:
        done = 0

        def count(step: int) -> None:
            nonlocal done
            done += step

        yield count
        console.print_line(f"{label}: {done} done")
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda step: bar.advance(task, step)


@contextmanager
def narrated(*, verbose: bool) -> Iterator[None]:
    """Print what a run does on standard error, one line for each step; a terminal also shows a spinner.

    Prefect's own messages are printed only if ``verbose`` is set; with a server, its UI shows all of them. The context
    must be entered before Prefect is first imported, because Prefect sets up logging on import.

    Raises
    ------
    ConfigError
        When Prefect cannot be imported with its present settings.
    """
    if not verbose and "prefect" not in sys.modules:
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
        os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "ERROR")
    import_prefect()
    import prefect  # noqa: PLC0415 - takes a second
    from prefect.logging.configuration import setup_logging  # noqa: PLC0415 - as above

    setup_logging()  # now and not at the first run, so that what is done to its handlers stays
    if verbose:
        _let_prefects_console_go_silent()
        yield
        return
    console = StandardErrorConsole()
    handler = _PrintingHandler(console, not_from=Path(prefect.__file__).parent)
    runs = logging.getLogger("prefect.flow_runs")
    runs.addHandler(handler)
    try:
        with console.status("working"):
            yield
    finally:
        runs.removeHandler(handler)


def _let_prefects_console_go_silent() -> None:
    """Make Prefect's own console do what :class:`StandardErrorConsole` does when nobody reads its lines any more."""
    from prefect.logging.handlers import PrefectConsoleHandler  # noqa: PLC0415 - as above

    loggers = (logging.getLogger(name) for name in ("", *logging.root.manager.loggerDict))
    for handler in {handler for logger in loggers for handler in logger.handlers}:
        if isinstance(handler, PrefectConsoleHandler):
            handler.console.on_broken_pipe = partial(_silence, handler.console)  # type: ignore[method-assign]  # it has no other way


class _PrintingHandler(logging.Handler):
    """Prints the messages of our flows; Prefect's own messages use the same logger and are left out."""

    def __init__(self, console: StandardErrorConsole, *, not_from: Path) -> None:
        super().__init__(logging.INFO)
        self._console, self._not_from = console, not_from

    def emit(self, record: logging.LogRecord) -> None:
        if not Path(record.pathname).is_relative_to(self._not_from):
            self._console.print_line(record.getMessage(), style="dim")
