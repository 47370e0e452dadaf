"""Alerts are sent when a night goes wrong, and secrets appear nowhere."""

from collections.abc import Iterator

import pytest

from tests.flows.monitoring.test_alerts import web_receiver
from tests.journeys.prefect_server import PrefectServer, commentariat_up, until
from tests.journeys.press import slow_press, write_config
from warehouse import connect

pytestmark = [pytest.mark.release, pytest.mark.timeout(900)]

PASSWORD = "pa55w0rd-of-the-desk"


@pytest.fixture(scope="module")
def receiver() -> Iterator[tuple[str, list[dict[str, str]]]]:
    with web_receiver() as (address, received):
        yield address, received


@pytest.fixture(scope="module")
def prefect(
    tmp_path_factory: pytest.TempPathFactory, receiver: tuple[str, list[dict[str, str]]]
) -> Iterator[PrefectServer]:
    """Its secrets come from the environment: a receiver's address, and a password of a missing mail server."""
    folder = tmp_path_factory.mktemp("prefect")
    secrets = {"COMMENTARIAT_ALERTS__WEBHOOK": receiver[0], "COMMENTARIAT_SMTP_PASSWORD": PASSWORD}
    mail = '[alerts]\nemail_to = ["desk@example.com"]\nsmtp_host = "127.0.0.1"\nsmtp_port = 9\nsmtp_user = "desk"\n'
    with slow_press() as press:
        config = write_config(folder, press, pages=4, alerts=mail)
        with commentariat_up(folder, config, settings=secrets) as prefect:
            yield prefect


def test_a_night_that_needs_attention_and_one_that_fails_are_reported(
    prefect: PrefectServer, receiver: tuple[str, list[dict[str, str]]]
) -> None:
    received = receiver[1]
    bad = prefect.start_night(inputs=["http://slow-press.example/opinion/gone"])
    prefect.wait_for(bad, "NeedsAttention")
    until(lambda: received or None, 60, lambda: "nobody was told")
    assert received[0]["state"] == "NeedsAttention"
    assert received[0]["message"].startswith("1 of 1 items failed")
    assert received[0]["link"] == f"{prefect.api.removesuffix('/api')}/runs/flow-run/{bad}"

    failing = prefect.start_night(config=str(prefect.config.parent / "gone.toml"))
    run = prefect.wait_for(failing, "Failed")
    assert "no such configuration file" in run["state"]["message"]
    assert "Traceback" not in run["state"]["message"]
    until(lambda: received[1:] or None, 60, lambda: "nobody was told of the night that failed")
    assert received[1]["state"] == "Failed"


def test_secrets_are_in_no_database_log_or_table(
    prefect: PrefectServer, receiver: tuple[str, list[dict[str, str]]]
) -> None:
    prefect.wait_for(prefect.start_night(), "Completed")
    secrets = [PASSWORD.encode(), b"s3cret"]
    assert receiver[0].endswith("/s3cret")
    kept = [file for file in prefect.config.parent.rglob("*") if file.is_file()]
    assert {"prefect.db", "up.log", "warehouse.duckdb"} <= {file.name for file in kept}
    found = {(file.name, secret) for file in kept for secret in secrets if secret in file.read_bytes()}
    assert not found
    warehouse = prefect.config.parent / "commentary"
    with connect(warehouse) as reader:
        tables = reader.query("SELECT table_name FROM duckdb_tables()").to_pylist()
        for table in (row["table_name"] for row in tables):
            rows = str(reader.query(f"FROM {table}").to_pylist())
            assert PASSWORD not in rows, table
            assert "s3cret" not in rows, table
