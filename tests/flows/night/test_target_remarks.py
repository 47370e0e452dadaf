"""The log of a run warns, in one line, of targets that are questions without a plain yes."""

import logging

import pytest

from flows.night.target_remarks import log_remark_on
from models import Target, Wording


@pytest.fixture(autouse=True)
def _log_of_a_run(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    # Prefect's logger needs a run
    monkeypatch.setattr("flows.night.target_remarks.get_run_logger", lambda: logging.getLogger("a_run"))
    caplog.set_level(logging.WARNING)


def test_all_such_targets_are_named_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    log_remark_on(
        [
            Target("war", "Who should pay for the war?"),
            Target(
                "tolls", "Cities should charge drivers", also=(Wording("How dear are tolls?", denied=True),)
            ),
        ]
    )
    (record,) = caplog.records
    assert record.getMessage().startswith(
        "targets: 'Who should pay for the war?', 'How dear are tolls?': no plain"
    )


def test_other_targets_are_not_mentioned(caplog: pytest.LogCaptureFixture) -> None:
    log_remark_on([Target("tolls", "Should cities charge drivers?")])
    assert not caplog.records
