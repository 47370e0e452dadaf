"""A run that starts a Prefect server of its own: another program may take its port, and Ctrl-C may come twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.serving.test_server_end import processes, until

ROOT = Path(__file__).parents[3]
TAKEN = """
import os, re, socket, subprocess
from prefect import flow
from flows.cli.running import carry_out
@flow
async def night():
    pass
def prepare():
    global other
    listed = subprocess.run(["ps", "-ewwo", "ppid,args"], capture_output=True, text=True, check=True).stdout
    (port,) = re.findall(rf"^ *{os.getpid()} .*server start .*--port (\\d+)", listed, re.MULTILINE)
    other = socket.create_server(("127.0.0.1", int(port)))
    return lambda: night(return_state=True)
carry_out(prepare, lambda _: print("done") or 0, verbose=False)
"""
WAITING = """
import time
from flows.cli.running import carry_out
def prepare():
    print("prepared", flush=True)
    time.sleep(600)
carry_out(prepare, lambda _: 0, verbose=False)
"""
USED = """
import os, subprocess
from prefect import flow
from prefect.settings import PREFECT_API_URL
from flows.cli.running import carry_out
@flow
async def night():
    pass
def prepare():
    listed = subprocess.run(["ps", "-ewwo", "ppid,args"], capture_output=True, text=True, check=True).stdout
    own = [line for line in listed.splitlines() if line.split()[0] == str(os.getpid()) and "server start" in line]
    print(PREFECT_API_URL.value(), len(own))
    return lambda: night(return_state=True)
carry_out(prepare, lambda _: 0, verbose=False)
"""
TAGGED = """
import gc
from prefect import flow, runtime, task
from prefect.states import Completed
from flows.cli.running import carry_out
from flows.monitoring.result import errors_to_failed_state
@task
async def station():
    return runtime.task_run.tags
@flow
@errors_to_failed_state
async def night():
    print(runtime.flow_run.tags, await station(), gc.isenabled())
    return Completed(data=None)
def prepare():
    print(gc.isenabled())
    return lambda: night(return_state=True)
carry_out(prepare, lambda _: 0, verbose=False)
"""
MISTAKEN = """
import sys, time
from flows.cli.running import carry_out
def check():
    time.sleep(5)  # a server that did not wait would write its database meanwhile
    print("prefect" in sys.modules)
    sys.exit(2)
carry_out(lambda: lambda: None, lambda _: 0, verbose=False, check=check)
"""


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return kept | {"PYTHONPATH": str(ROOT), "PREFECT_HOME": str(home)}


def test_a_server_whose_port_was_taken_before_it_could_listen_is_started_on_another(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", TAKEN], env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "done\n"), ended.stderr


@pytest.mark.parametrize("name", ["prefect.toml", "profiles.toml"])
def test_a_server_that_a_file_names_is_used_and_no_other_keeps_running(
    name: str, prefect_api: str, tmp_path: Path
) -> None:
    """A file of the present folder is read when Prefect is imported, and by then a server has been started."""
    (tmp_path / "prefect.toml").write_text(f'[api]\nurl = "{prefect_api}"\n')
    (tmp_path / "profiles.toml").write_text(
        f'active = "own"\n[profiles.own]\nPREFECT_API_URL = "{prefect_api}"\n'
    )
    here = tmp_path if name == "prefect.toml" else tmp_path / "elsewhere"
    home = tmp_path if name == "profiles.toml" else tmp_path / "home"
    here.mkdir(exist_ok=True)
    ended = subprocess.run(
        [sys.executable, "-c", USED],
        env=environment(home),
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, f"{prefect_api} 0\n"), ended.stderr


def test_a_command_tags_its_flow_run_and_not_each_of_its_task_runs_and_collects_only_when_all_is_loaded(
    prefect_api: str, tmp_path: Path
) -> None:
    """Prefect asks its server before each task run for the limits of its tags."""
    ended = subprocess.run(
        [sys.executable, "-c", TAGGED],
        env=environment(tmp_path) | {"PREFECT_API_URL": prefect_api},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, "False\n['commentariat'] [] True\n"), ended.stderr


def test_a_mistake_found_while_the_server_starts_ends_both_before_anything_is_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run = subprocess.Popen(
        [sys.executable, "-c", MISTAKEN], env=environment(home), stdout=subprocess.PIPE, text=True
    )
    until(lambda: any(of == run.pid and "server start" in args for of, args in processes().values()), 60)
    (server,) = [
        process for process, (of, args) in processes().items() if of == run.pid and "server start" in args
    ]
    out, _ = run.communicate(timeout=60)
    assert (run.returncode, out) == (2, "False\n")
    assert not list(home.rglob("*.db*"))
    until(lambda: server not in processes(), 60)


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux shows which signals are pending"
)
def test_a_second_ctrl_c_while_the_server_stops_ends_the_run_without_a_traceback(tmp_path: Path) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", WAITING],
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "prepared\n"
    (server,) = [
        process for process, (of, args) in processes().items() if of == run.pid and "server start" in args
    ]
    os.kill(server, signal.SIGSTOP)  # so that it does not end when it is told to
    until(lambda: field(server, "State").startswith("T"), 60)  # a busy one could take SIGTERM before SIGSTOP
    run.send_signal(signal.SIGINT)
    until(lambda: is_told_to_end(server), 60)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=60)
    assert "KeyboardInterrupt" in err, "the first one ends the run"
    assert "Exception ignored" not in err
    until(lambda: server not in processes(), 60)


def is_told_to_end(process: int) -> bool:
    return bool(int(field(process, "ShdPnd"), 16) >> signal.SIGTERM - 1 & 1)


def field(process: int, name: str) -> str:
    """Return one field of what the kernel reports of a process."""
    status = Path(f"/proc/{process}/status").read_text()
    (value,) = [line.partition(":")[2].strip() for line in status.splitlines() if line.startswith(f"{name}:")]
    return value
