"""The report as the last step of a run: a report that cannot be written is logged, and the run goes on."""

import asyncio
import logging
from pathlib import Path

import pytest

from commentariat import WarehouseError
from flows.report import station


@pytest.mark.parametrize(
    ("error", "reason"),
    [(WarehouseError("there is no warehouse"), "there is no warehouse"), (OSError("?"), "OSError")],
    ids=["expected", "unexpected"],
)
def test_a_report_that_cannot_be_written_is_logged_with_the_reason_and_the_remedy(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    reason: str,
):
    async def fail(_: Path) -> Path:
        raise error

    monkeypatch.setattr(station, "_write", fail)
    monkeypatch.setattr(station, "get_run_logger", lambda: logging.getLogger("a_run"))
    with caplog.at_level(logging.WARNING, logger="a_run"):
        assert asyncio.run(station.report_station(tmp_path)) is None
    assert caplog.messages == [f"no report was written; `commentariat report` tries again: {reason}"]
