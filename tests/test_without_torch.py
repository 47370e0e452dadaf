"""`make test` installs no torch: the tests that need it are skipped, and no other test asks for it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
COLLECT = """
import sys
sys.modules["torch"] = None  # importing it fails, also where it is installed
import pytest
sys.exit(pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", "tests"]))
"""


def test_all_tests_are_collected_where_torch_is_not_installed() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", COLLECT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout[-2000:]
