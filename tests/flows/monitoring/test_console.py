"""The output for people: bars on a terminal, plain lines in a pipe, and the messages of a running flow."""

import json
import os
import pty
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from flows.monitoring.console import progress

ROOT = Path(__file__).parents[3]


def test_in_a_pipe_progress_is_one_line_on_standard_error(capsys: pytest.CaptureFixture[str]):
    with progress("reading", total=3) as advance:
        for _ in range(3):
            advance(1)
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err == "reading: 3 done\n"


FLOW = """
import asyncio, sys
from flows.monitoring.console import narrated

with narrated(verbose="-v" in sys.argv):
    from prefect import flow, get_run_logger

    @flow
    async def night():
        get_run_logger().info("batch 1: [bold]3[/bold] articles of :on:")

    asyncio.run(night())
print("done")
"""


@pytest.mark.parametrize("verbose", [False, True])
def test_a_run_is_shown_in_its_own_words_and_prefects_only_on_request(
    tmp_path: Path, verbose: bool, prefect_api: str
):
    script = tmp_path / "night.py"
    script.write_text(FLOW)
    ended = subprocess.run(
        [sys.executable, script, *(["-v"] if verbose else [])],
        cwd=tmp_path,
        # Prefect's messages about a server of its own are left out too; so the quiet run starts such a server.
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
        | ({"PREFECT_API_URL": prefect_api} if verbose else {}),
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    assert ended.stdout == "done\n"
    assert (
        "batch 1: [bold]3[/bold] articles of " in ended.stderr
    )  # Prefect's own console makes a picture of :on:
    assert ("Beginning flow run" in ended.stderr) is verbose
    if not verbose:
        assert ended.stderr.strip() == "batch 1: [bold]3[/bold] articles of :on:"


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
def test_a_run_goes_on_if_its_messages_cannot_be_written(tmp_path: Path, prefect_api: str):
    script = tmp_path / "night.py"
    script.write_text(FLOW)
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with FULL.open("w") as full:
        ended = subprocess.run(
            [sys.executable, script],
            cwd=tmp_path,
            env=env | {"PREFECT_API_URL": prefect_api},
            stdout=subprocess.PIPE,
            stderr=full,
            text=True,
            timeout=240,
            check=False,
        )
    assert (ended.returncode, ended.stdout) == (0, "done\n")


@pytest.mark.parametrize("verbose", [False, True])
def test_a_run_goes_on_if_nobody_reads_its_messages(tmp_path: Path, verbose: bool, prefect_api: str):
    script = tmp_path / "night.py"
    script.write_text(FLOW)
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [sys.executable, script, *(["-v"] if verbose else [])],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
        | {"PREFECT_API_URL": prefect_api},
        stdout=subprocess.PIPE,
        stderr=writing,
        text=True,
        timeout=240,
        check=False,
    )
    os.close(writing)
    assert (ended.returncode, ended.stdout) == (0, "done\n")


def test_progress_in_a_pipe_that_nobody_reads_ends_nothing():
    script = textwrap.dedent("""
        from flows.monitoring.console import progress
        with progress("reading", 2) as advance:
            advance(2)
        print("done")
    """)
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=writing,
        text=True,
        check=False,
    )
    os.close(writing)
    assert (ended.returncode, ended.stdout) == (0, "done\n")


def test_standard_output_may_be_closed_at_any_time(tmp_path: Path):
    """``commentariat ... | head -1`` ends without an error and without a message."""
    script = tmp_path / "many.py"
    script.write_text(
        textwrap.dedent("""
        from flows.cli.json_lines import json_lines_writer
        with json_lines_writer(None) as write:
            for number in range(200_000):
                write({"number": number})
        """)
    )
    writing = subprocess.Popen(
        [sys.executable, script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert writing.stdout is not None
    assert writing.stderr is not None
    assert json.loads(writing.stdout.readline()) == {"number": 0}
    writing.stdout.close()
    assert writing.stderr.read() == ""
    assert writing.wait(timeout=60) == 0


def drawn_on_a_terminal(kind: str) -> str:
    terminal, end = pty.openpty()
    script = "from flows.monitoring.console import progress\nwith progress('reading', 2) as advance:\n    advance(1)\n"
    environment = os.environ | {"TERM": kind}
    subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, stderr=end, check=True, timeout=60
    )
    return os.read(terminal, 4096).decode()


def test_on_a_terminal_progress_is_a_bar():
    drawn = drawn_on_a_terminal("xterm")
    assert "reading" in drawn and "/2" in drawn
    assert "1 done" not in drawn, "this is the line for files"


def test_on_a_terminal_that_cannot_draw_progress_is_one_line():
    assert drawn_on_a_terminal("dumb").splitlines() == ["reading: 1 done"]
