"""A program that CI cannot install is not overlooked where all tests are required."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.journeys import axe

SCRIPTS = Path(__file__).resolve().parents[1] / ".ci"


@pytest.mark.parametrize(("required", "exit_code"), [(None, 0), ("0", 0), ("1", 1)])
@pytest.mark.parametrize("script", ["torch", "small-model", "chromium"])
def test_tests_that_are_skipped_are_a_failure_only_if_all_are_required(
    tmp_path: Path, script: str, required: str | None, exit_code: int
) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "REQUIRE_ALL"}
    if required is not None:
        environment["REQUIRE_ALL"] = required
    if script == "chromium":  # neither a browser nor a program that installs one
        environment["PATH"] = str(tmp_path)
    bash, failing_python = shutil.which("bash"), shutil.which("false")
    assert bash is not None and failing_python is not None
    command = [bash, str(SCRIPTS / script), failing_python]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "skipped" in ended.stdout
    assert ended.returncode == exit_code


@pytest.mark.parametrize(
    ("required", "outcome"),
    [(None, pytest.skip.Exception), ("0", pytest.skip.Exception), ("1", pytest.fail.Exception)],
)
@pytest.mark.parametrize(
    ("npm", "reason"), [(None, "needs npm"), ("#!/bin/sh\nexit 1\n", "npm does not get axe-core")]
)
def test_a_page_is_not_left_unexamined_for_want_of_axe_core_where_all_tests_are_required(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    npm: str | None,
    reason: str,
    required: str | None,
    outcome: type[BaseException],
) -> None:
    if npm is not None:
        (tmp_path / "npm").write_text(npm)
        (tmp_path / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(axe, "FILE", None)
    if required is None:
        monkeypatch.delenv("REQUIRE_ALL", raising=False)
    else:
        monkeypatch.setenv("REQUIRE_ALL", required)
    with pytest.raises(outcome, match=reason):
        axe.axe_script.__wrapped__()  # without the script that other tests have fetched
