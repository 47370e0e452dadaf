"""Alerts: a message is sent if a run fails, crashes or ends in a way that people must know.

There are three ways, and each of them is optional: a JSON POST to an address, a mail, and notification blocks that were
made in the Prefect UI. Secrets come from the environment or from blocks, and never reach a log, an artifact or the
warehouse. An alert that cannot be delivered is logged and does not change the run.
"""

import asyncio
import json
import logging
import os
import smtplib
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

from prefect import Flow
from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import TerminationSignal
from prefect.logging.loggers import flow_run_logger
from prefect.settings import PREFECT_UI_URL

from flows.settings.config import alert_settings
from flows.settings.sections import AlertSettings

logger = logging.getLogger("prefect.commentariat.alerts")
Log: TypeAlias = "logging.Logger | logging.LoggerAdapter[logging.Logger]"

_STOPS = (asyncio.CancelledError, KeyboardInterrupt, TerminationSignal)
"""What ends a run that is stopped by a signal."""
_STOPPED = (
    "Execution was cancelled by the runtime environment",
    "Execution was aborted by an interrupt signal",
    "Execution was aborted by a termination signal",
)
"""How Prefect's messages about such a run begin."""

_REPORTED: set[tuple[UUID, int]] = set()
"""The runs about whose end this process has sent alerts, each with the number of its starts."""

PATIENCE_SECONDS = 10.0
LONGEST_MESSAGE = 2_000


@dataclass(frozen=True, slots=True)
class Alert:
    """The contents of a message.

    Attributes
    ----------
    text
        The whole message in words; chat services show this field of a JSON POST.
    """

    text: str
    flow: str
    run: str
    state: str
    message: str
    at: str
    link: str


async def send_alerts(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Send alerts as the run's configuration says; a hook for failed and crashed runs."""
    # The log of the run: it is shown in the UI, and by a command whose Prefect messages are not.
    log = flow_run_logger(flow_run, flow)
    if flow_run.deployment_id is None and _was_stopped(state) and has_terminal():
        return  # who stopped it there knows it
    await send_alerts_once(flow, flow_run, state, log)


async def send_alerts_once(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any], log: Log) -> None:
    """Send the alerts about the end of a run, unless this process has done so before; never raises an error.

    A run that loses its server may end twice: after the server has accepted its state, and when the process leaves. A
    run that is started again with *Retry* has an end of its own each time; `serve` reports those of killed processes.
    """
    if (end := (flow_run.id, flow_run.run_count)) in _REPORTED:
        return
    _REPORTED.add(end)
    try:
        settings = alert_settings(_config_file(flow_run.parameters))
        await send(settings, alert_of(flow.name, flow_run, state), log=log)
    except Exception as error:  # a hook must not hide how the run ended
        log.warning("no alert could be sent about the run: %s", error)


def has_reported() -> bool:
    """Say whether this process has sent alerts about the end of a run."""
    return bool(_REPORTED)


def alert_of(flow_name: str, flow_run: FlowRun, state: State[Any]) -> Alert:
    """Describe the end of a run in words."""
    ui = PREFECT_UI_URL.value()
    message = (state.message or "no message").strip()[:LONGEST_MESSAGE]
    link = f"{ui}/runs/flow-run/{flow_run.id}" if ui else ""
    name = state.name or state.type.value
    text = f"Commentariat: {flow_run.name}: {name}. {message}" + (f" {link}" if link else "")
    return Alert(
        text, flow_name, flow_run.name, name, message, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", link
    )


async def send(
    settings: AlertSettings,
    alert: Alert,
    environment: Mapping[str, str] = os.environ,
    log: Log = logger,
) -> list[str]:
    """Deliver an alert in every way that is configured.

    Parameters
    ----------
    environment
        Has the password of the mail server.
    log
        Gets a warning for each way that failed, and for each mail that some of its recipients do not get.

    Returns
    -------
    list of str
        The ways that worked.
    """
    ways: list[tuple[str, Awaitable[Sequence[str] | None]]] = []
    if settings.webhook:
        ways.append(
            (f"webhook at {urlsplit(settings.webhook).hostname}", asyncio.to_thread(_post, settings, alert))
        )
    if settings.email_to:
        ways.append((f"mail by {settings.smtp_host}", asyncio.to_thread(_mail, settings, alert, environment)))
    ways += [(f"block {slug}", _notify(slug, alert)) for slug in settings.blocks]
    ended = await asyncio.gather(*(way for _, way in ways), return_exceptions=True)
    delivered = []
    for (name, _), result in zip(ways, ended, strict=True):
        if isinstance(result, BaseException):
            log.warning("alert not delivered through %s: %s", name, _in_short(result))
            continue
        delivered.append(name)
        if result:
            who = ", ".join(result)
            log.warning(
                "alert not delivered through %s to %s: it refuses the address; see email_to", name, who
            )
    return delivered


def _in_short(error: BaseException) -> str:
    """Name an error without its message, which may contain the address, and with it a secret."""
    if not isinstance(error, urllib.error.HTTPError):
        return type(error).__name__
    moved = (
        ", a redirect, which is not followed: name the address to which it leads"
        if error.code // 100 == 3
        else ""
    )
    return f"{type(error).__name__} {error.code}{moved}"


def _was_stopped(state: State[Any]) -> bool:
    """Say whether a signal ended the run: Ctrl-C or SIGTERM, or the cancellation that asyncio makes of both."""
    if not state.is_crashed():
        return False
    # A state that comes back from the server has no exception, only its message.
    return isinstance(state.data, _STOPS) or (state.message or "").startswith(_STOPPED)


def has_terminal() -> bool:
    """Say whether a person started this process at a terminal, and not cron or systemd."""
    try:
        return sys.stdin is not None and sys.stdin.isatty()
    except ValueError:  # it is closed
        return False


def _config_file(parameters: Mapping[str, Any]) -> Path | None:
    request = parameters.get("request")
    config = request.get("config") if isinstance(request, Mapping) else getattr(request, "config", None)
    return Path(config) if config else None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Makes an error of a redirect: the request would be repeated as a GET without the message, and seem delivered."""

    def redirect_request(self, *_: object) -> None:
        """Follow no redirect."""


def _post(settings: AlertSettings, alert: Alert) -> None:
    request = urllib.request.Request(  # noqa: S310 - the configuration allows http and https only
        settings.webhook,
        data=json.dumps(asdict(alert)).encode(),
        headers={"Content-Type": "application/json", "User-Agent": "commentariat"},
        method="POST",
    )
    with urllib.request.build_opener(_NoRedirects).open(request, timeout=PATIENCE_SECONDS):
        pass


def _mail(settings: AlertSettings, alert: Alert, environment: Mapping[str, str]) -> Sequence[str]:
    """Send the mail; return the recipients whom the server refuses while it accepts others."""
    mail = EmailMessage()
    mail["Subject"] = " ".join(f"Commentariat: {alert.run}: {alert.state}".split())
    mail["From"], mail["To"] = settings.email_from, ", ".join(settings.email_to)
    mail.set_content(f"{alert.message}\n\n{alert.link}\n")
    tls = ssl.create_default_context()
    place = (settings.smtp_host, settings.smtp_port)
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=PATIENCE_SECONDS, context=tls)
    else:
        server = smtplib.SMTP(*place, timeout=PATIENCE_SECONDS)
    with server:
        if settings.smtp_security == "starttls":
            server.starttls(context=tls)
        if settings.smtp_user:
            server.login(settings.smtp_user, environment.get(settings.smtp_password_variable, ""))
        return list(server.send_message(mail))


async def _notify(slug: str, alert: Alert) -> None:
    block: Any = await Block.aload(slug)
    # Only within this do Prefect's own blocks raise an error if nothing was delivered.
    with block.raise_on_failure() if isinstance(block, NotificationBlock) else nullcontext():
        await block.notify(body=alert.text, subject=f"Commentariat: {alert.run}: {alert.state}")
