"""Alerts: a JSON POST and a mail really arrive at a receiver on loopback, and secrets are not shown."""

import asyncio
import json
import logging
import os
import pty
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TextIO
from uuid import UUID, uuid4

import prefect
import pytest
from prefect.blocks.core import Block
from prefect.blocks.notifications import AppriseNotificationBlock
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.settings import PREFECT_LOGGING_TO_API_ENABLED, temporary_settings
from prefect.states import exception_to_crashed_state
from pydantic import SecretStr

from commentariat import ConfigError
from flows.monitoring.alerts import Alert, alert_of, send, send_alerts
from flows.nightly import nightly
from flows.settings.config import load_config
from flows.settings.sections import AlertSettings

ALERT = Alert(
    text="Commentariat: night of 2026-11-24 03:30 UTC: NeedsAttention. source example has gone quiet",
    flow="nightly",
    run="night of 2026-11-24 03:30 UTC",
    state="NeedsAttention",
    message="source example has gone quiet",
    at="2026-11-24T04:00:00Z",
    link="http://127.0.0.1:4200/runs/flow-run/1",
)


@contextmanager
def web_receiver(status: int = 200, location: str = "") -> Iterator[tuple[str, list[dict[str, str]]]]:
    received: list[dict[str, str]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/services/s3cret", received
    server.shutdown()
    server.server_close()


@contextmanager
def mail_receiver(refused: str = "nobody@") -> Iterator[tuple[int, list[str]]]:
    """A mail server that supports just enough of SMTP to receive one mail, and refuses one recipient."""
    received: list[str] = []

    class Session(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

        def handle(self) -> None:
            self.say("220 loopback")
            while line := self.rfile.readline().decode().strip():
                word = line.split()[0].upper()
                if word == "DATA":
                    self.say("354 go on")
                    lines = []
                    while (text := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                        lines.append(text)
                    received.append("\n".join(lines))
                known = word != "RCPT" or refused not in line
                self.say("221 bye" if word == "QUIT" else "250 fine" if known else "550 no such user")
                if word == "QUIT":
                    return

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server.server_address[1], received
    server.shutdown()
    server.server_close()


@contextmanager
def standard_input(is_terminal: bool) -> Iterator[TextIO]:
    ours, theirs = pty.openpty()
    with open(theirs) as terminal, Path(os.devnull).open() as nothing:  # noqa: PTH123 - a descriptor has no path
        yield terminal if is_terminal else nothing
    os.close(ours)


@contextmanager
def log_of_runs() -> Iterator[list[logging.LogRecord]]:
    """Give what is logged for runs, which commands show and the server keeps."""
    records: list[logging.LogRecord] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    handler = Keeper()
    logger = logging.getLogger("prefect.flow_runs")
    logger.addHandler(handler)
    try:
        yield records
    finally:
        logger.removeHandler(handler)


@pytest.fixture(autouse=True)
def _no_server_for_logs() -> Iterator[None]:
    with temporary_settings({PREFECT_LOGGING_TO_API_ENABLED: False}):
        yield


def flow_run(config: Path) -> FlowRun:
    request = {"request": {"config": str(config)}}
    return FlowRun(flow_id=uuid4(), name="night of 2026-11-24 03:30 UTC", parameters=request)


async def test_the_webhook_gets_text_state_and_link_as_json() -> None:
    with web_receiver() as (address, received):
        delivered = await send(AlertSettings(webhook=address), ALERT)
    assert delivered == ["webhook at 127.0.0.1"]
    assert received[0]["text"] == ALERT.text
    assert received[0]["state"] == "NeedsAttention"
    assert received[0]["link"] == ALERT.link


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_of_the_webhook_is_not_followed_and_not_taken_for_a_delivery(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """It would be repeated without the message, as a GET."""
    with web_receiver(status, "/services/s3cret/") as (address, _), caplog.at_level(logging.WARNING):
        assert await send(AlertSettings(webhook=address), ALERT, log=logging.getLogger("a_run")) == []
    assert f"HTTPError {status}, a redirect, which is not followed" in caplog.text
    assert "s3cret" not in caplog.text


async def test_a_recipient_whom_the_mail_server_refuses_is_named(caplog: pytest.LogCaptureFixture) -> None:
    with mail_receiver(refused="editor@") as (port, received), caplog.at_level(logging.WARNING):
        settings = AlertSettings(
            email_to=("desk@example.com", "editor@example.com"),
            smtp_host="127.0.0.1",
            smtp_port=port,
            smtp_security="none",
        )
        delivered = await send(settings, ALERT, log=logging.getLogger("a_run"))
    assert delivered == ["mail by 127.0.0.1"] and len(received) == 1
    assert "to editor@example.com: it refuses the address" in caplog.text
    assert "desk@example.com" not in caplog.text


async def test_a_block_of_prefect_that_delivers_nothing_is_a_warning(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:  # bound, and not listening
        closed.bind(("127.0.0.1", 0))
        url = SecretStr(f"json://127.0.0.1:{closed.getsockname()[1]}/s3cret")

        async def aload(_: str) -> AppriseNotificationBlock:
            return AppriseNotificationBlock(url=url)

        monkeypatch.setattr(Block, "aload", aload)
        with caplog.at_level(logging.WARNING):
            settings = AlertSettings(blocks=("slack-webhook/editors",))
            assert await send(settings, ALERT, log=logging.getLogger("a_run")) == []
    ours = [record.getMessage() for record in caplog.records if record.name == "a_run"]
    assert ours == ["alert not delivered through block slack-webhook/editors: NotificationError"]


async def test_mail_arrives_with_the_run_in_its_subject() -> None:
    with mail_receiver() as (port, received):
        settings = AlertSettings(
            email_to=("desk@example.com",), smtp_host="127.0.0.1", smtp_port=port, smtp_security="none"
        )
        delivered = await send(settings, ALERT)
    assert delivered == ["mail by 127.0.0.1"]
    assert "Subject: Commentariat: night of 2026-11-24 03:30 UTC: NeedsAttention" in received[0]
    assert "source example has gone quiet" in received[0]


async def test_a_failed_alert_does_not_stop_the_others_and_its_address_is_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logging.getLogger("prefect").propagate = True
    with web_receiver(status=500) as (address, _), mail_receiver() as (port, mails):
        settings = AlertSettings(
            webhook=address,
            email_to=("desk@example.com",),
            smtp_host="127.0.0.1",
            smtp_port=port,
            smtp_security="none",
        )
        with caplog.at_level(logging.WARNING):
            delivered = await send(settings, ALERT)
    assert delivered == ["mail by 127.0.0.1"]
    assert len(mails) == 1
    assert "s3cret" not in caplog.text


async def test_the_hook_reads_where_to_send_from_the_configuration_of_the_run(tmp_path: Path) -> None:
    state: State[None] = State(
        type=StateType.CRASHED, name="Crashed", message="the process was killed", timestamp=datetime.now(UTC)
    )
    with web_receiver() as (address, received):
        config = tmp_path / "commentariat.toml"
        config.write_text(f'[alerts]\nwebhook = "{address}"\n')
        await send_alerts(nightly, flow_run(config), state)
    assert received[0]["flow"] == "nightly"
    assert received[0]["state"] == "Crashed"
    assert received[0]["message"] == "the process was killed"


async def test_each_end_of_a_run_that_is_tried_again_is_reported_once(tmp_path: Path) -> None:
    state: State[None] = State(type=StateType.CRASHED, name="Crashed", message="the process was killed")
    config = tmp_path / "commentariat.toml"
    with web_receiver() as (address, received):
        config.write_text(f'[alerts]\nwebhook = "{address}"\n')
        first = flow_run(config)
        again = first.model_copy(update={"run_count": first.run_count + 1})
        for run in (first, first, again, again):
            await send_alerts(nightly, run, state)
    assert len(received) == 2


async def test_the_log_of_the_run_says_that_an_alert_was_not_delivered(tmp_path: Path) -> None:
    config = tmp_path / "commentariat.toml"
    with web_receiver(status=500) as (address, _), log_of_runs() as records:
        config.write_text(f'[alerts]\nwebhook = "{address}"\n')
        await send_alerts(nightly, flow_run(config), State(type=StateType.FAILED, message="no such file"))
    (record,) = records
    assert record.getMessage() == "alert not delivered through webhook at 127.0.0.1: HTTPError 500"
    assert not Path(record.pathname).is_relative_to(Path(prefect.__file__).parent), (
        "commands would not show it"
    )


async def test_a_configuration_that_has_gone_does_not_hide_how_the_run_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state: State[None] = State(type=StateType.FAILED, message="no such file")
    await send_alerts(nightly, flow_run(tmp_path / "gone.toml"), state)
    with web_receiver() as (address, received):
        monkeypatch.setenv("COMMENTARIAT_ALERTS__WEBHOOK", address)
        await send_alerts(nightly, flow_run(tmp_path / "gone.toml"), state)
        monkeypatch.setenv("COMMENTARIAT_ALERTS__SMTP_PORT", "none")
        await send_alerts(nightly, flow_run(tmp_path / "gone.toml"), state)
    assert [alert["message"] for alert in received] == ["no such file"]


def test_the_hook_is_in_force_for_failed_and_crashed_nights() -> None:
    assert nightly.on_failure_hooks == [send_alerts]
    assert nightly.on_crashed_hooks == [send_alerts]


@pytest.mark.parametrize(
    ("deployment", "at_a_terminal", "alerts"), [(None, True, 0), (None, False, 1), (uuid4(), True, 1)]
)
@pytest.mark.parametrize("knows_exception", [True, False])
async def test_who_stops_a_run_at_a_terminal_gets_no_alert_about_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    deployment: UUID | None,
    at_a_terminal: bool,
    alerts: int,
    knows_exception: bool,
) -> None:
    state = await exception_to_crashed_state(asyncio.CancelledError())
    if not knows_exception:  # as a state that comes back from the server
        state = state.model_copy(update={"data": None})
    config = tmp_path / "commentariat.toml"
    run = flow_run(config).model_copy(update={"deployment_id": deployment})
    with web_receiver() as (address, received), standard_input(at_a_terminal) as given:
        config.write_text(f'[alerts]\nwebhook = "{address}"\n')
        monkeypatch.setattr("sys.stdin", given)
        await send_alerts(nightly, run, state)
    assert len(received) == alerts


def test_a_long_message_is_cut(tmp_path: Path) -> None:
    state: State[None] = State(type=StateType.FAILED, message="x" * 10_000)
    assert len(alert_of("nightly", flow_run(tmp_path), state).message) == 2_000


def test_the_address_can_come_from_the_environment_and_is_not_shown(tmp_path: Path) -> None:
    config = tmp_path / "commentariat.toml"
    config.write_text("")
    settings = load_config(
        config, {"COMMENTARIAT_ALERTS__WEBHOOK": "https://hooks.example.com/s3cret"}
    ).alerts
    assert settings.webhook == "https://hooks.example.com/s3cret"
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ('webhook = "hooks.example.com"', "should be an address that starts with https://"),
        ('email_to = ["desk@example.com"]', "email_to needs smtp_host"),
    ],
)
def test_settings_with_which_alerts_could_never_arrive_are_refused(
    tmp_path: Path, toml: str, message: str
) -> None:
    config = tmp_path / "commentariat.toml"
    config.write_text(f"[alerts]\n{toml}\n")
    with pytest.raises(ConfigError, match=message) as raised:
        load_config(config, {})
    assert "hooks.example.com" not in str(raised.value), "an address may hold a secret"
