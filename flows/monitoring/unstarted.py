"""Alerts about a run that could not start: without a flow there is no state, and no hook of Prefect that reports it."""

import asyncio
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from commentariat import CommentariatError

NOT_STARTED = "NotStarted"
"""What such an alert gives as the state of the run."""

ALERT_SECONDS = 15.0
"""How long a process that is about to end tries to send its alerts; those through blocks need the server."""


@contextmanager
def alerts_if_it_cannot_start(flow: str, config: Path | None) -> Iterator[None]:
    """Send alerts about an error in the block, unless a person sees it at a terminal or the flow itself has sent them.

    Whoever lets cron start a run reads what it prints only after an alert.

    Parameters
    ----------
    flow
        The flow that the block is to run.
    config
        The configuration file of the run. If it has mistakes, :func:`~flows.settings.config.alert_settings` says what
        of it counts.
    """
    try:
        yield
    except CommentariatError as error:
        try:
            _report(flow, config, error)
        except Exception as failure:  # must not hide the error itself
            sys.stderr.write(f"commentariat: no alert could be sent: {type(failure).__name__}\n")
        raise


@contextmanager
def log_on_stderr() -> Iterator[logging.Logger]:
    """Give a log that is shown at once, for a process that shows no other log lines any more."""
    log, shown = logging.getLogger("commentariat.alerts"), logging.StreamHandler()
    shown.setFormatter(logging.Formatter("commentariat: %(message)s"))
    log.addHandler(shown)
    try:
        yield log
    finally:
        log.removeHandler(shown)


def _report(flow: str, config: Path | None, error: CommentariatError) -> None:
    from flows.settings.config import alert_settings  # noqa: PLC0415 - a command first starts its server

    settings = alert_settings(config)
    if not (settings.webhook or settings.email_to or settings.blocks):
        return
    # Prefect is imported late: most mistakes are reported before it is needed.
    from flows.monitoring.alerts import (  # noqa: PLC0415 - as above
        LONGEST_MESSAGE,
        Alert,
        has_reported,
        has_terminal,
        send,
    )

    if has_terminal() or has_reported():
        return
    message = str(error)[:LONGEST_MESSAGE]
    text = f"Commentariat: {flow} could not start. {message}"
    alert = Alert(text, flow, flow, NOT_STARTED, message, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "")

    async def deliver(log: logging.Logger) -> None:
        async with asyncio.timeout(ALERT_SECONDS):
            await send(settings, alert, log=log)

    with log_on_stderr() as log:
        asyncio.run(deliver(log))
