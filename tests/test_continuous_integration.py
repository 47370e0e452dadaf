"""A program that CI cannot install is not overlooked where all tests are required."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

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
