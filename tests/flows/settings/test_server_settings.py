"""The settings of Prefect that nights need are really in force. Prefect ignores unknown keys without a message."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.settings.server_settings import PREFECT_SETTINGS, a_server_may_be_named, apply_prefect_settings

PROJECT = Path(__file__).parents[3]
IN_FORCE = {
    "analytics": False,
    "heartbeat": 30,
    "requests_tried_again": 7,
    "recorder": [200, 50, 1.0],
    "persister": [200, 50, 1.0],
    "vacuum": ["events", "flow_runs"],
    "runs_kept_s": 60 * 86_400,
    "events_kept_s": 7 * 86_400,
    "own_server_patience_s": 120,
    "leases": "prefect.server.concurrency.lease_storage.filesystem",
    "dead_runs_noticed_after_s": 7 * 86_400,
}
ASK = """
import json
from prefect.settings import get_current_settings
settings = get_current_settings()
server, services = settings.server, settings.server.services
recorder, persister = services.task_run_recorder, services.event_persister
print(json.dumps({
    "analytics": server.analytics_enabled,
    "heartbeat": settings.flows.heartbeat_frequency,
    "requests_tried_again": settings.client.max_retries,
    "recorder": [recorder.batch_size, recorder.read_batch_size, recorder.flush_interval],
    "persister": [persister.batch_size, persister.read_batch_size, persister.flush_interval],
    "vacuum": sorted(services.db_vacuum.enabled),
    "runs_kept_s": services.db_vacuum.retention_period.total_seconds(),
    "events_kept_s": server.events.retention_period.total_seconds(),
    "own_server_patience_s": server.ephemeral.startup_timeout_seconds,
    "leases": server.concurrency.lease_storage,
    "dead_runs_noticed_after_s": server.events.expired_bucket_buffer.total_seconds(),
}))
"""


def settings_in_force(folder: Path, environment: dict[str, str]) -> dict[str, object]:
    answer = subprocess.run(
        [sys.executable, "-c", ASK], cwd=folder, env=environment, capture_output=True, check=True
    )
    return json.loads(answer.stdout.splitlines()[-1])


def without_prefect_variables(home: Path) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return environment | {"PREFECT_HOME": str(home)}


def test_the_project_file_is_in_force_in_the_project_folder(tmp_path: Path) -> None:
    assert settings_in_force(PROJECT, without_prefect_variables(tmp_path)) == IN_FORCE


def test_the_processes_we_start_have_the_same_settings_anywhere(tmp_path: Path) -> None:
    environment = without_prefect_variables(tmp_path)
    apply_prefect_settings(environment)
    assert settings_in_force(tmp_path, environment) == IN_FORCE


def test_a_variable_that_a_person_has_set_is_kept() -> None:
    environment = {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "45"}
    apply_prefect_settings(environment)
    assert environment["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"] == "45"
    assert set(environment) == set(PREFECT_SETTINGS)


def test_a_server_may_be_named_by_a_variable_or_in_the_profiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    assert not a_server_may_be_named()
    for name in ("PREFECT_API_URL", "PREFECT_PROFILE"):
        with monkeypatch.context() as environment:
            environment.setenv(name, "local")
            assert a_server_may_be_named()
    (tmp_path / "profiles.toml").write_text("")
    assert a_server_may_be_named()
    monkeypatch.setenv("PREFECT_PROFILES_PATH", str(tmp_path / "others.toml"))
    assert not a_server_may_be_named()
    monkeypatch.setenv("PREFECT_PROFILES_PATH", "~nobody-has-this-name/profiles.toml")
    assert a_server_may_be_named(), "it cannot be told"
