"""The deployments and their schedules follow the configuration."""

from pathlib import Path

import pytest
from prefect.client.schemas.objects import ConcurrencyLimitStrategy

from commentariat import ConfigError
from flows.monitoring.automations import dead_runs
from flows.serving.deployments import deployments, what_is_served

SOURCE = '[[sources]]\nname = "essays"\ntype = "files"\nlocation = "essays"\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "commentariat.toml"
    file.write_text(
        f'{SOURCE}[schedule]\ncron = "15 2 * * *"\nmaintenance_cron = "0 5 * * 6"\ntimezone = "Europe/Berlin"\n'
    )
    return file


def test_nights_and_maintenance_have_the_configured_schedules(config: Path) -> None:
    served = {one.name: one for one in deployments(config)}
    when = {
        name: [(s.schedule.cron, s.schedule.timezone) for s in one.schedules or []]
        for name, one in served.items()
    }
    assert when == {
        "nightly": [("15 2 * * *", "Europe/Berlin")],
        "rescore": [],
        "maintenance": [("0 5 * * 6", "Europe/Berlin")],
    }
    assert "15 2 * * *  Europe/Berlin" in what_is_served(config)


def test_only_one_night_runs_at_a_time_and_a_second_one_is_cancelled(config: Path) -> None:
    for deployment in deployments(config):
        assert deployment.concurrency_limit == 1
        assert deployment.concurrency_options is not None
        assert deployment.concurrency_options.collision_strategy is ConcurrencyLimitStrategy.CANCEL_NEW


def test_deployments_have_the_path_of_their_configuration_and_few_tags(config: Path) -> None:
    night = deployments(config)[0]
    assert night.parameters == {"request": {"config": str(config)}}
    assert night.tags == ["commentariat", "model:fast"]
    assert night.entrypoint == "commentariat.nightly"


def test_every_parameter_of_the_forms_is_typed_and_explained(config: Path) -> None:
    for deployment in deployments(config):
        schema = deployment._parameter_openapi_schema
        (definition,) = schema.definitions.values()
        assert definition["properties"]
        for name, field in definition["properties"].items():
            assert field.get("description"), f"{deployment.name}: {name}"
            assert "type" in field or "anyOf" in field


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ('cron = "at three"', r"schedule\.cron: 'at three'"),
        ('cron = "0 0 3 * * *"', "it has 6 fields. Five fields are needed"),
        ('maintenance_cron = "0 0 6 * * 0 2027"', r"schedule\.maintenance_cron: .* it has 7 fields"),
        ('cron = "0 25 * * *"', "Five fields are needed"),
        ('timezone = "Mars/Base"', "no such time zone"),
    ],
)
def test_an_impossible_schedule_is_a_mistake_in_the_configuration(
    config: Path, schedule: str, message: str
) -> None:
    config.write_text(f"{SOURCE}[schedule]\n{schedule}\n")
    with pytest.raises(ConfigError, match=message):
        deployments(config)


def test_a_schedule_may_have_a_name(config: Path) -> None:
    config.write_text(f'{SOURCE}[schedule]\ncron = "@daily"\n')
    assert [one.schedule.cron for one in deployments(config)[0].schedules or []] == ["@daily"]


def test_the_rule_for_dead_runs_ignores_runs_that_ended_by_themselves() -> None:
    trigger = dead_runs().trigger
    assert {"prefect.flow-run.Completed", "prefect.flow-run.NeedsAttention"} <= trigger.expect
    assert trigger.within.total_seconds() == 90
