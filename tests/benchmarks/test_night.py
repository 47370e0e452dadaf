"""The night that is measured without Prefect."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import night
from tests.warehouse import nights
from warehouse import Warehouse
from warehouse.publishing.generations import REPORT

CODE = """
import asyncio, sys
from pathlib import Path
from prefect.logging import disable_run_logger
from benchmarks import night

night.without_prefect()
with disable_run_logger():
    print(asyncio.run(night.nightly.report_station(Path(sys.argv[1]))))
"""


def test_a_night_without_prefect_writes_its_report_without_a_task_run(tmp_path: Path) -> None:
    """In a process of its own, because the stations stay changed there. Prefect has no server and may start none."""
    with Warehouse(tmp_path / "w").writing(run_id="night-1", flow="nightly") as writer:
        writer.commit("reference rows", nights.reference_rows())
        writer.publish()
    without_server = {"PREFECT_HOME": str(tmp_path), "PREFECT_SERVER_EPHEMERAL_ENABLED": "false"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    ended = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path / "w")],
        env=environment | without_server,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout.strip() == str(tmp_path / "w" / REPORT), ended.stderr


def test_each_size_is_measured_with_prefect_and_each_size_of_bare_without(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(name: str) -> Callable[[int, int, Path], dict[str, object]]:
        return lambda count, words, folder: {"folder": folder.name, "words": words, name: count}

    for name in ("measure", "measure_bare"):
        monkeypatch.setattr(night, name, measured(name))
    monkeypatch.setattr(
        sys, "argv", ["night", "--articles", "30", "20", "--bare", "10", "20", "--words", "5"]
    )
    night.main()
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"folder": "night-30", "words": 5, "measure": 30},
        {"folder": "night-20", "words": 5, "measure": 20},
        {"folder": "bare-10", "words": 5, "measure_bare": 10},
        {"folder": "bare-20", "words": 5, "measure_bare": 20},
    ]
