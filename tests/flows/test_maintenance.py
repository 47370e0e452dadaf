"""The weekly maintenance: what it says, how its run and its command end, and the limits of its tasks."""

import asyncio
import re
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from prefect import Task
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter, FlowRunFilterStartTime
from prefect.client.schemas.objects import State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Failed

from commentariat import WarehouseLockedError
from flows import maintenance as module
from flows.maintenance import check_everything, clear_away, compact_files
from flows.night.lock import writing
from tests.journeys.console_script import SameProcess
from tests.warehouse.contents import content
from tests.warehouse.copies import copied
from warehouse import Warehouse, Writer
from warehouse.upkeep.retention import Retained, clean
from warehouse.upkeep.verify import verify

# For what happens within milliseconds on an idle machine.
PATIENCE_SECONDS = 60.0


@pytest.fixture
def warehouse(published: Path, tmp_path: Path) -> Warehouse:
    return copied(published, tmp_path)


@pytest.fixture
def desk(warehouse: Warehouse, prefect_server: str, tmp_path: Path) -> SameProcess:
    """Someone with a warehouse of which only the newest snapshot is kept, so that no other one needs replaced files."""
    settings = f'[warehouse]\npath = "{warehouse.root.name}"\nkeep_snapshots = 1\n'
    (tmp_path / "commentariat.toml").write_text(settings)
    return SameProcess(tmp_path, prefect_server)


def state_of_last_run() -> State:
    """Return the state in which the Prefect server shows the last maintenance that began.

    Runs that are only scheduled are left out: another test of the same server may have given maintenance a schedule.
    """
    with get_client(sync_client=True) as client:
        (run,) = client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=["maintenance"])),
            flow_run_filter=FlowRunFilter(start_time=FlowRunFilterStartTime(is_null_=False)),
            sort=FlowRunSort.START_TIME_DESC,
            limit=1,
        )
    assert run.state is not None
    return run.state


def articles_file(warehouse: Warehouse, number: int) -> Path:
    return warehouse.root / warehouse.live_files("article")[number].path


def alter(file: Path) -> None:
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-1] + b"x")


def test_maintenance_merges_files_keeps_the_rows_and_says_that_everything_is_sound(
    desk: SameProcess, warehouse: Warehouse
) -> None:
    before, rows = len(warehouse.live_files()), content(warehouse.root)
    ended = desk.types("maintain", "--min-files", 2)
    assert ended.code == 0, ended.err
    headline = ended.out.strip()
    numbers = re.fullmatch(
        r"(\d+) files became (\d+), with the same (\d+) rows; (\d+) replaced files put in trash, 0 deleted for good "
        r"\(0\.0 MB\); (\d+) rows in (\d+) files checked, sound",
        headline,
    )
    assert numbers, headline
    merged, into, rows_merged, in_trash, rows_checked, files_checked = map(int, numbers.groups())
    assert merged > into > 0
    assert before - merged + into == files_checked == len(warehouse.live_files())
    assert 0 < rows_merged <= rows_checked == sum(file.rows for file in warehouse.live_files())
    assert in_trash == merged == len(list((warehouse.root / "trash").iterdir()))
    assert content(warehouse.root) == rows
    state = state_of_last_run()
    assert (state.type, state.name, state.message) == (StateType.COMPLETED, "Completed", headline)

    again = desk.types("maintain", "--min-files", 2, "--trash-days", 0)
    assert again.code == 0, again.err
    assert "nothing was merged, because no month of a table has at least 2 files" in again.out
    assert f"; 0 replaced files put in trash, {in_trash} deleted for good (" in again.out
    assert not list((warehouse.root / "trash").iterdir())
    assert content(warehouse.root) == rows


def test_if_the_check_finds_a_fault_the_run_needs_attention_and_the_command_ends_with_exit_code_1(
    desk: SameProcess, warehouse: Warehouse
) -> None:
    altered = articles_file(warehouse, 0)
    alter(altered)
    ended = desk.types("maintain")
    assert ended.code == 1, ended.err
    message = ended.out.strip()
    assert message.startswith(f"1 fault was found: files: {altered} has been altered")
    assert message.endswith(" files checked)") and "sound" not in message
    state = state_of_last_run()
    assert (state.type, state.name, state.message) == (StateType.FAILED, "NeedsAttention", message)

    articles_file(warehouse, 1).unlink()
    ended = desk.types("maintain")
    assert ended.code == 1, ended.err
    assert ended.out.startswith(f"2 faults were found, the first: files: {altered} has been altered")


def test_without_the_check_a_maintenance_says_nothing_about_faults_and_is_completed(
    desk: SameProcess, warehouse: Warehouse
) -> None:
    alter(articles_file(warehouse, 0))
    ended = desk.types("maintain", "--no-check")
    assert ended.code == 0, ended.err
    assert ended.out.strip().endswith("; 0 replaced files put in trash, 0 deleted for good (0.0 MB)")
    state = state_of_last_run()
    assert (state.name, state.message) == ("Completed", ended.out.strip())
    assert verify(warehouse.root).findings, "only the check would have found it"


@pytest.mark.parametrize(
    ("task", "name", "retries"),
    [
        (compact_files, "compact files", 0),
        (clear_away, "clear away", 0),
        (check_everything, "verify everything", 1),
    ],
    ids=lambda value: value.name if isinstance(value, Task) else "",
)
def test_each_task_has_a_name_and_a_time_limit_and_only_the_check_is_made_again(
    task: Task, name: str, retries: int
) -> None:
    assert task.task_run_name == name
    assert task.timeout_seconds is not None and task.timeout_seconds > 0
    assert task.retries == retries


def test_a_check_that_took_too_long_is_not_made_again() -> None:
    may_be_repeated = check_everything.retry_condition_fn
    assert may_be_repeated is not None
    assert may_be_repeated(check_everything, None, Failed(data=OSError("the disk reports an error")))
    assert not may_be_repeated(check_everything, None, Failed(data=TimeoutError()))


async def test_the_lock_is_kept_until_files_are_cleared_away_even_if_the_task_was_given_up(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, run_is_over = threading.Event(), threading.Event()
    cleared: list[Retained] = []
    close = Writer.close

    def slow(*arguments: object, **options: object) -> Retained:
        begun.set()
        assert run_is_over.wait(PATIENCE_SECONDS)
        with pytest.raises(WarehouseLockedError), warehouse.writing(flow="another", wait_seconds=0.5):
            pass
        cleared.append(clean(*arguments, **options))
        return cleared[0]

    def announced(writer: Writer) -> None:
        run_is_over.set()
        close(writer)

    monkeypatch.setattr(module, "clean", slow)
    monkeypatch.setattr(Writer, "close", announced)
    async with writing(warehouse, flow="maintenance", create=False, wait_seconds=0) as writer:
        clearing = asyncio.create_task(clear_away.fn(writer, 3, 30.0))
        assert await asyncio.to_thread(begun.wait, PATIENCE_SECONDS)
        clearing.cancel()
        with suppress(asyncio.CancelledError):
            await clearing
    assert cleared
