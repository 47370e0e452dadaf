"""prefect.yaml defines the same deployments as `commentariat serve`."""

import importlib
from pathlib import Path

import yaml
from prefect import Flow

from flows.serving.deployments import deployments
from flows.settings.config import load_config
from flows.settings.file import SAMPLE_CONFIG, SERVED_CONFIG
from flows.settings.server_settings import PREFECT_SETTINGS

PROJECT = Path(__file__).parents[3]


def test_the_work_pool_has_the_deployments_that_are_served(tmp_path: Path) -> None:
    config = tmp_path / "commentariat.toml"
    config.write_text("")
    served = {one.name: [s.schedule.cron for s in one.schedules or []] for one in deployments(config)}
    written = yaml.safe_load((PROJECT / "prefect.yaml").read_text())["deployments"]
    assert {one["name"]: [s["cron"] for s in one["schedules"]] for one in written} == served
    for one in written:
        assert one["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
        module, _, name = one["entrypoint"].rpartition(".")
        flow = getattr(importlib.import_module(module), name)
        assert isinstance(flow, Flow)
        assert set(one["parameters"]) <= set(flow.parameters.properties)
        served = one["work_pool"]["job_variables"]["env"][SERVED_CONFIG]
        assert one["parameters"]["request"]["config"] == served


def test_the_image_overrides_nothing_that_a_person_configures() -> None:
    assert "COMMENTARIAT_" not in (PROJECT / "Dockerfile").read_text()


def test_a_worker_can_start_its_own_command_in_the_image() -> None:
    """Docker and Kubernetes workers start `prefect flow-run execute`, which an entry point would be put before."""
    instructions = [
        line.split()[0] for line in (PROJECT / "Dockerfile").read_text().splitlines() if line.strip()
    ]
    assert "ENTRYPOINT" not in instructions
    assert instructions[-1] == "CMD"
    compose = yaml.safe_load((PROJECT / "compose.yaml").read_text())
    commands = [
        one["command"] for one in compose["services"].values() if one["image"] == "commentariat:local"
    ]
    assert [command[:2] for command in commands] == [["prefect", "server"], ["commentariat", "serve"]]


def test_the_composed_schedules_mount_a_folder_that_no_command_makes_in_a_clone() -> None:
    """The sample's warehouse is the folder `commentary` of the clone."""
    compose = yaml.safe_load((PROJECT / "compose.yaml").read_text())
    [mounted] = [volume.partition(":")[0] for volume in compose["services"]["nights"]["volumes"]]
    assert Path(mounted).name != load_config(SAMPLE_CONFIG).warehouse.path.name
    assert f"mkdir {Path(mounted)} " in (PROJECT / "compose.yaml").read_text()


def test_the_composed_schedules_get_secrets_only_if_a_person_has_set_them() -> None:
    """Compose passes a variable without a value only if it is set; an empty one would override the configuration."""
    compose = yaml.safe_load((PROJECT / "compose.yaml").read_text())
    environments = [service.get("environment", {}) for service in compose["services"].values()]
    passed = {name: value for one in environments for name, value in one.items() if "COMMENTARIAT_" in name}
    secrets = ("ALERTS__WEBHOOK", "SMTP_PASSWORD", "SECOND_MODEL__KEY")
    assert passed == {f"COMMENTARIAT_{name}": None for name in secrets}


def test_the_composed_server_has_the_measured_settings_and_stays_on_loopback() -> None:
    compose = yaml.safe_load((PROJECT / "compose.yaml").read_text())
    server = compose["services"]["server"]
    settings = {k: v for k, v in server["environment"].items() if k in PREFECT_SETTINGS}
    of_the_server = {
        name: value
        for name, value in PREFECT_SETTINGS.items()
        if name == "DO_NOT_TRACK" or (name.startswith("PREFECT_SERVER_") and "EPHEMERAL" not in name)
    }
    assert settings == of_the_server
    home = server["environment"]["PREFECT_HOME"]
    assert f"prefect-home:{home}" in server["volumes"], "leases would go with the container"
    assert home in (PROJECT / "Dockerfile").read_text(), "the server could not write in its volume"
    assert all(port.startswith("127.0.0.1:") for port in server["ports"])
    assert "PASSWORD:?" in (PROJECT / "compose.yaml").read_text()
