"""The final state of a run that has done its work says what a person must know, and nothing else."""

import asyncio
import signal
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from prefect import runtime
from prefect.client.schemas.objects import State
from prefect.exceptions import TerminationSignal
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.monitoring.command_run import run_to_its_end
from flows.monitoring.result import NEEDS_ATTENTION, named_by_time, state_of
from flows.night.second_model.tally import Tally
from tasks.second_model.settings import SecondModelSettings

SETTINGS = SecondModelSettings()


def test_a_run_without_warnings_is_completed_and_says_nothing_of_a_second_model_that_was_asked_everything():
    asked = Tally(articles=4, answered=3, failed=1, last_problem="no sentence 99").result(
        SETTINGS, is_night=True
    )
    assert (len(asked.sentences), asked.stopped) == (2, "")
    state = state_of("4 articles read", "the result", stopped=asked.stopped)
    assert (state.type.value, state.message) == ("COMPLETED", "4 articles read")


def test_a_run_whose_second_model_stopped_says_why():
    asked = Tally(articles=3, stopped="3 articles were asked about", left=5).result(SETTINGS, is_night=True)
    assert asked.sentences[-1] == asked.stopped
    state = state_of("8 articles read", "the result", stopped=asked.stopped)
    assert state.message == (
        "8 articles read; second model stopped: 3 articles were asked about; 5 articles are left for the next night"
    )


def test_a_run_is_named_in_utc_and_says_so_whatever_the_time_zone_of_its_schedule(
    monkeypatch: pytest.MonkeyPatch,
):
    due = datetime(2026, 11, 24, 3, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    monkeypatch.setattr(runtime.flow_run, "scheduled_start_time", due, raising=False)
    assert named_by_time("night")() == "night of 2026-11-23 18:30 UTC"


def test_a_run_with_warnings_needs_attention_and_names_all_of_them():
    state = state_of("8 articles read", "the result", warnings=["One.", "Two."])
    assert (state.name, state.message) == (NEEDS_ATTENTION, "One.; Two. (8 articles read)")


def test_a_command_that_sigterm_ends_says_so_in_one_line(capsys: pytest.CaptureFixture[str]):
    async def stopped() -> State[None]:
        raise TerminationSignal(signal.SIGTERM)

    with temporary_settings({PREFECT_API_URL: None}), pytest.raises(SystemExit) as ended:
        run_to_its_end(stopped, lambda _: 0, lambda: None)
    assert ended.value.code == 143
    assert capsys.readouterr().err == "commentariat: stopped by SIGTERM; what was finished is kept\n"


def test_a_command_that_ctrl_c_ends_says_so_in_one_line(capsys: pytest.CaptureFixture[str]):
    async def stopped() -> State[None]:
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(60)
        raise AssertionError("it was not stopped")

    with temporary_settings({PREFECT_API_URL: None}), pytest.raises(KeyboardInterrupt):
        run_to_its_end(stopped, lambda _: 0, lambda: None)
    assert capsys.readouterr().err == "commentariat: stopped with Ctrl-C; what was finished is kept\n"
