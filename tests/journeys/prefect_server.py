"""``commentariat up`` for journeys: a real Prefect server with the served schedules, and requests to its API."""

import json
import os
import re
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

import pytest

from flows.serving.local_server import local_server
from flows.serving.server_end import end_after_this_process
from flows.settings.server_settings import apply_prefect_settings
from tests.ports import own_port

COMMAND = [str(Path(sys.executable).parent / "commentariat")]
PATIENCE_SECONDS = 300.0
PROJECT = Path(__file__).parents[2]
PREFECT = [sys.executable, "-m", "prefect"]
HOLD = PROJECT / "tests" / "journeys" / "hold"
ENDED = ("Completed", "Failed", "Crashed", "Cancelled", "NeedsAttention")

Found = TypeVar("Found")


@dataclass(frozen=True)
class PrefectServer:
    """A Prefect server with our deployments; ``process`` is a running ``commentariat up``, if there is one."""

    process: subprocess.Popen[str] | None
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
                if error.code == 503:  # SQLite was busy for too long; Prefect's own clients also try again
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

    def engines(self) -> list[int]:
        """Return the ids of the processes that execute flow runs of this server."""
        listed = subprocess.run(
            ["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True
        ).stdout
        ours = re.compile(r"^\s*(\d+)\s+\d+\s.*-m prefect\.(engine|flow_engine)", re.MULTILINE)
        found = []
        for pid, _ in ours.findall(listed):
            environment = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
            if f"PREFECT_HOME={self.home}\0" in environment:
                found.append(int(pid))
        assert found, listed
        return found

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


def until(found: Callable[[], Found | None], seconds: float, message: Callable[[], str]) -> Found:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (result := found()) is not None:
            return result
        time.sleep(0.3)
    raise AssertionError(message())


def commits(warehouse: Path) -> int:
    return len(list((warehouse / "log").glob("[0-9]*.json")))


def own_environment(home: Path) -> dict[str, str]:
    """Return this process's environment without variables of Prefect and of this project, with its own PREFECT_HOME."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "COMMENTARIAT_"))}
    return kept | {"PREFECT_HOME": str(home), "PYTHONUNBUFFERED": "1"}


@dataclass(frozen=True)
class Hold:
    """Stops nights inside a station; see ``hold/sitecustomize.py``."""

    file: Path

    @property
    def settings(self) -> dict[str, str]:
        """Return the environment of the processes whose nights can be stopped."""
        # Behind the measure of standstills, which imports the next module of this name.
        path = os.pathsep.join([*filter(None, [os.environ.get("PYTHONPATH")]), str(HOLD)])
        return {"JOURNEY_HOLD": str(self.file), "PYTHONPATH": path}

    def at(self, station: str) -> None:
        self.file.with_suffix(".reached").unlink(missing_ok=True)
        self.file.write_text(station)

    def wait_until_reached(self, message: Callable[[], str] = lambda: "the station was not reached") -> None:
        until(lambda: self.file.with_suffix(".reached").exists() or None, 600, message)

    def release(self) -> None:
        self.file.unlink()


@contextmanager
def commentariat_up(
    folder: Path,
    config: Path,
    hold: Hold | None = None,
    settings: dict[str, str] | None = None,
    working_directory: Path | None = None,
) -> Iterator[PrefectServer]:
    """Run ``commentariat up`` on a free port with a PREFECT_HOME of its own, until the block ends."""
    port, home = own_port(), folder / "prefect"
    environment = own_environment(home) | (hold.settings if hold else {}) | (settings or {})
    log = (folder / "up.log").open("w+")
    process = subprocess.Popen(
        [*COMMAND, "up", "--config", str(config), "--port", str(port)],
        cwd=working_directory,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        text=True,
    )
    prefect = PrefectServer(process, f"http://127.0.0.1:{port}/api", environment, home, config)

    def serving() -> bool | None:
        if process.poll() is not None:
            raise AssertionError((folder / "up.log").read_text())
        try:
            return prefect.deployment("maintenance") is not None
        except OSError:
            return None

    try:
        until(serving, PATIENCE_SECONDS, (folder / "up.log").read_text)
        yield prefect
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


@contextmanager
def pool(folder: Path, config: Path, hold: Hold | None = None) -> Iterator[PrefectServer]:
    """Run a Prefect server with a process pool and the deployments of prefect.yaml, without a worker."""
    environment = own_environment(folder / "prefect") | (hold.settings if hold else {})
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PREFECT_HOME", environment["PREFECT_HOME"])
        with local_server(own_port()) as api:
            environment |= {
                "PREFECT_API_URL": api,
                "COMMENTARIAT_HOME": str(PROJECT),
                "COMMENTARIAT_CONFIG": str(config),
            }
            for command in (
                [*PREFECT, "work-pool", "create", "commentary", "--type", "process"],
                [*PREFECT, "--no-prompt", "deploy", "--all"],
                [*COMMAND, "serve", "--rules-only"],
            ):
                subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.DEVNULL)
            yield PrefectServer(None, api, environment, folder / "prefect", config)


@contextmanager
def worker(folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a worker of the pool; it is killed at the end of the block if it still runs."""
    with (folder / "worker.log").open("a") as log:
        process = subprocess.Popen(
            [*PREFECT, "worker", "start", "--pool", "commentary"],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


@contextmanager
def server(
    environment: dict[str, str], port: int, log: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Prefect server without anything else, on a port; it is killed at the end of the block."""
    environment = dict(environment)
    apply_prefect_settings(environment)
    with (log or Path(os.devnull)).open("a") as words:
        process = subprocess.Popen(
            [*PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            env=environment,
            stdout=words,
            stderr=words,
            start_new_session=True,
        )
        watcher = end_after_this_process(process)
        try:
            until(lambda: _is_healthy(port), PATIENCE_SECONDS, lambda: "the server does not answer")
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            watcher.wait()


def _is_healthy(port: int) -> bool | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer:
            return answer.status == 200 or None
    except OSError:
        return None
