"""Tests begin without the settings of the person or the service that runs them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

LEFT = """
import os, tests.conftest
from prefect.settings import PREFECT_API_URL, PREFECT_HOME
from typer import rich_utils
names = sorted(name for name in os.environ if name.startswith(("COMMENTARIAT_", "PREFECT_")))
print(names, os.environ["TERM"], os.environ.get("FORCE_COLOR"), rich_utils.FORCE_TERMINAL, PREFECT_API_URL.value())
print(PREFECT_HOME.value())
"""


def test_no_setting_of_the_person_who_runs_the_tests_is_left_and_the_home_of_prefect_is_their_own(
    tmp_path: Path,
) -> None:
    (tmp_path / ".prefect").mkdir()
    (tmp_path / ".prefect" / "profiles.toml").write_text(
        'active = "work"\n[profiles.work]\nPREFECT_API_URL = "http://press.example/api"\n'
    )
    of_the_person = {
        "COMMENTARIAT_ALERTS__WEBHOOK": "http://press.example/channel",
        "COMMENTARIAT_WAREHOUSE__PATH": "/srv/commentary",
        "COMMENTARIAT_SEED_DIR": "/srv/seed",
        "PREFECT_API_DATABASE_CONNECTION_URL": "postgresql+asyncpg://press.example/prefect",
        "PREFECT_API_URL": "http://press.example/api",
        "PREFECT_HOME": str(tmp_path / ".prefect"),
        "TERM": "dumb",
        **dict.fromkeys(("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS"), "1"),
    }
    done = subprocess.run(
        [sys.executable, "-c", LEFT],
        cwd=ROOT,
        env=os.environ | {"HOME": str(tmp_path)} | of_the_person,
        capture_output=True,
        text=True,
        check=True,
    )
    left, home = done.stdout.splitlines()
    assert left == "['COMMENTARIAT_SEED_DIR', 'PREFECT_HOME'] xterm-256color None None None"
    assert not Path(home).is_relative_to(tmp_path / ".prefect")
    assert not Path(home).exists(), "it goes with the process"


PROFILES = """
import tests.conftest
from hypothesis import settings
print(settings.get_current_profile_name())
for name in ("few", "many", "long", "first"):
    profile = settings.get_profile(name)
    print(profile.derandomize, profile.deadline, profile.database is not None)
"""


@pytest.mark.parametrize(("service", "same"), [("", False), ("true", True)])
def test_only_the_few_examples_of_a_run_that_checks_a_change_are_the_same_each_time(
    service: str, same: bool
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROFILES],
        cwd=ROOT,
        env=os.environ | {"CI": service},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["few", f"{same} None {not same}", *["False None True"] * 3]
