"""``commentariat up`` for journeys: a real Prefect server and the served schedules, and its API asked over HTTP."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from flows.local_server import free_port

COMMAND = [str(Path(sys.executable).parent / "commentariat")]
PATIENCE_SECONDS = 300.0

Found = TypeVar("Found")


@dataclass(frozen=True)
class PrefectHouse:
    """A running ``commentariat up``."""

    process: subprocess.Popen[str]
    api: str
    environment: dict[str, str]
    home: Path
    config: Path

    def ask(self, path: str, **body: Any) -> Any:
        request = urllib.request.Request(
            f"{self.api}/{path}",
            data=json.dumps(body).encode() if body or path.endswith(("filter", "run")) else None,
            headers={"Content-Type": "application/json"},
        )

        def answered() -> list[Any] | None:
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return [json.loads(answer.read() or "null")]
            except urllib.error.HTTPError as error:
                if error.code == 503:  # SQLite was busy for too long; Prefect's own clients try again, too
                    return None
                raise

        (answer,) = until(answered, 60, lambda: f"{path}: 503 for a minute")
        return answer

    def deployment(self, name: str) -> dict[str, Any]:
        return dict(self.ask(f"deployments/name/{name}/{name}"))

    def start_night(self, **request: Any) -> str:
        parameters = {"request": {"config": str(self.config), **request}}
        deployment = self.deployment("nightly")["id"]
        run = self.ask(f"deployments/{deployment}/create_flow_run", parameters=parameters)
        return str(run["id"])

    def run(self, run_id: str) -> dict[str, Any]:
        return dict(self.ask(f"flow_runs/{run_id}"))

    def wait_for(self, run_id: str, *states: str, seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        def reached() -> dict[str, Any] | None:
            run = self.run(run_id)
            return run if run["state"]["name"] in states else None

        return until(reached, seconds, lambda: f"{self.run(run_id)['state']}, waited for {states}")

    def task_runs(self, run_id: str) -> list[dict[str, Any]]:
        return list(self.ask("task_runs/filter", flow_runs={"id": {"any_": [run_id]}}, limit=200))

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        environment = self.environment | {"PREFECT_API_URL": self.api}
        return subprocess.Popen(
            [*COMMAND, *arguments],
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )


def until(found: Callable[[], Found | None], seconds: float, told: Callable[[], str]) -> Found:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (result := found()) is not None:
            return result
        time.sleep(0.3)
    raise AssertionError(told())


def commits(warehouse: Path) -> int:
    return len(list((warehouse / "log").glob("[0-9]*.json")))


def own_environment(home: Path) -> dict[str, str]:
    """This process's environment without what it says of Prefect and of us, and with a PREFECT_HOME of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "COMMENTARIAT_"))}
    return kept | {"PREFECT_HOME": str(home), "PYTHONUNBUFFERED": "1"}


@contextmanager
def prefect_house(folder: Path, config: Path) -> Iterator[PrefectHouse]:
    """Run ``commentariat up`` on a free port with a PREFECT_HOME of its own, and end it with the block."""
    port, home = free_port(), folder / "prefect"
    environment = own_environment(home)
    log = (folder / "up.log").open("w+")
    process = subprocess.Popen(
        [*COMMAND, "up", "--config", str(config), "--port", str(port)],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        text=True,
    )
    house = PrefectHouse(process, f"http://127.0.0.1:{port}/api", environment, home, config)

    def serving() -> bool | None:
        if process.poll() is not None:
            raise AssertionError((folder / "up.log").read_text())
        try:
            return house.deployment("maintenance") is not None
        except OSError:
            return None

    try:
        until(serving, PATIENCE_SECONDS, (folder / "up.log").read_text)
        yield house
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()
