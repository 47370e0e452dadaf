"""The night that is measured without Prefect."""

import os
import subprocess
import sys
from pathlib import Path

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
