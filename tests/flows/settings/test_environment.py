"""Environment variables override the file; one that would set nothing is refused, with the right spelling."""

from pathlib import Path

import pytest

from commentariat import ConfigError
from flows.settings.config import alert_settings, alerts_without_file, load_config
from tests.flows.settings.conftest import SOURCE, complaint


def test_the_environment_overrides_the_file(write):
    file = write("[run]\nbatch_size = 8\n")
    config = load_config(
        file,
        {
            "COMMENTARIAT_RUN__BATCH_SIZE": "16",
            "COMMENTARIAT_WAREHOUSE__PATH": "/srv/commentary",
            "COMMENTARIAT_FETCH__RESPECT_ROBOTS": "false",
            "COMMENTARIAT_EXTRACT__LANGUAGES": '["en", "fr"]',
            "COMMENTARIAT_SEED_DIR": "not a setting, since it names no section",
            "HOME": "/root",
        },
    )
    assert config.run.batch_size == 16
    assert config.warehouse.path == Path("/srv/commentary")
    assert config.fetch.respect_robots is False
    assert config.extract.languages == ("en", "fr")


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        ("COMMENTARIAT_RUNN__BATCH_SIZE", "no section [runn] to set; did you mean 'run'?"),
        ("COMMENTARIAT_SOURCES__NAME", "no section [sources] to set"),
        ("COMMENTARIAT_RUN__BATCHES", "run.batches: unknown key"),
    ],
)
def test_a_mistake_in_the_environment_is_reported_too(write, variable: str, message: str):
    assert message in complaint(write(""), **{variable: "1"})


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        ("COMMENTARIAT_WAREHOUSE_PATH", "write COMMENTARIAT_WAREHOUSE__PATH"),
        ("COMMENTARIAT_SECOND_MODEL_KEY", "write COMMENTARIAT_SECOND_MODEL__KEY"),
        (
            "COMMENTARIAT_WAREHOUSE",
            "write COMMENTARIAT_WAREHOUSE__<KEY>, with two underscores; known are path",
        ),
        ("COMMENTARIAT_WAREHOUSE__", "write COMMENTARIAT_WAREHOUSE__<KEY>"),
        ("COMMENTARIAT_RUN_BATCH_SISE", "with two underscores; did you mean 'batch_size'?"),
        ("COMMENTARIAT_TABLES_OUTLETS", "write COMMENTARIAT_TABLES__OUTLETS"),
        ("COMMENTARIAT_SAMPLE", "sample is set in the file only"),
        ("COMMENTARIAT_SOURCES", "sources is set in the file only"),
    ],
)
def test_a_variable_that_would_set_nothing_is_refused_with_the_right_spelling(
    write, variable: str, message: str
):
    printed = complaint(write(""), **{variable: "sk-secret"})
    assert printed.startswith(f"{variable}: sets nothing; ")
    assert message in printed
    assert "sk-secret" not in printed


@pytest.mark.parametrize(
    "text",
    ["", '[alerts]\nsmtp_password_variable = "COMMENTARIAT_ALERTS_PASSWORD"\n'],
)
def test_variables_with_another_purpose_are_let_pass(write, text: str):
    others = [
        "COMMENTARIAT_CONFIG",
        "COMMENTARIAT_HOME",
        "COMMENTARIAT_SMTP_PASSWORD",
        "COMMENTARIAT_SAMPLES",
        "COMMENTARIAT_WAREHOUSE_SERVICE_HOST",
        "COMMENTARIAT_WAREHOUSE_PORT_80_TCP_ADDR",
        "COMMENTARIAT_WAREHOUSE_PORT",
        "COMMENTARIAT_SECOND_MODEL_PORT",
        "COMMENTARIAT_TABLES_SERVICE_PORT_HTTP",
        "COMMENTARIAT_SOURCES_SERVICE_HOST",
    ]
    if text:
        others.append("COMMENTARIAT_ALERTS_PASSWORD")
    load_config(write(text), dict.fromkeys(others, "1"))


def test_a_variable_with_the_name_of_a_key_is_refused_though_a_service_could_have_it(write):
    with pytest.raises(
        ConfigError, match=r"COMMENTARIAT_ALERTS_SMTP_PORT: sets nothing; write .*ALERTS__SMTP_PORT"
    ):
        load_config(write(""), {"COMMENTARIAT_ALERTS_SMTP_PORT": "25"})


def test_the_value_of_a_text_or_a_path_stays_text_though_it_looks_like_a_number(write):
    config = load_config(
        write('[tables]\noutlets = "outlets.csv"\n'),
        {
            "COMMENTARIAT_WAREHOUSE__PATH": "2026",
            "COMMENTARIAT_ALERTS__SMTP_USER": "12345",
            "COMMENTARIAT_ALERTS__SMTP_HOST": "true",
            "COMMENTARIAT_MODEL__CALIBRATION": "1.5",
            "COMMENTARIAT_TABLES__OUTLETS": "2026-11-29",
            "COMMENTARIAT_SCHEDULE__CRON": '"0 1 * * *"',
        },
    )
    assert config.warehouse.path.name == "2026"
    assert (config.alerts.smtp_user, config.alerts.smtp_host) == ("12345", "true")
    assert config.model.calibration is not None
    assert config.model.calibration.name == "1.5"
    assert config.tables["outlets"].name == "2026-11-29"
    assert config.schedule.cron == "0 1 * * *"


def test_a_mistake_in_a_variable_is_reported_by_its_name_and_not_by_the_file(write):
    file = write("")
    printed = complaint(file, COMMENTARIAT_RUN__BATCH_SIZE="many")
    assert printed.startswith(
        "the environment has mistakes:\n  COMMENTARIAT_RUN__BATCH_SIZE: run.batch_size: "
    )
    assert str(file) not in printed
    printed = complaint(write("[run]\nmax_attempts = 0\n"), COMMENTARIAT_RUN__BATCH_SIZE="0")
    assert printed.startswith(f"{file}: the configuration has mistakes:\n")
    assert "\n  COMMENTARIAT_RUN__BATCH_SIZE: run.batch_size: " in printed
    assert "\n  run.max_attempts: " in printed
    printed = complaint(write(""), COMMENTARIAT_ALERTS__EMAIL_TO='["me@a.example"]')
    assert (
        "email_to needs smtp_host, the server that sends the mail; also set: COMMENTARIAT_ALERTS__EMAIL_TO"
        in (printed)
    )


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ('[alerts]\nsmtp_host = "mail.example"\n', "mail.example"),
        ('[run]\nmax_attempts = 0\n[alerts]\nsmtp_host = "mail.example"\n', "mail.example"),
        ('[alerts]\nsmtp_host = "mail.example"\nsmtp_prot = 25\n', ""),
        ('alerts = "desk@a.example"\n', ""),
        ('[run\n[alerts]\nsmtp_host = "mail.example"\n', ""),
    ],
    ids=["no mistake", "elsewhere", "in the section", "no section", "no TOML"],
)
def test_alerts_are_those_of_the_file_unless_these_have_mistakes_and_the_environment_counts_always(
    write, monkeypatch, written, host
):
    monkeypatch.setenv("COMMENTARIAT_ALERTS__WEBHOOK", "https://a.example/hook")
    alerts = alert_settings(write(written))
    assert (alerts.webhook, alerts.smtp_host) == ("https://a.example/hook", host)


def test_alerts_without_a_file_name_the_variable_and_the_known_keys():
    with pytest.raises(
        ConfigError, match=r"COMMENTARIAT_ALERTS__SMTP_PORT: alerts\.smtp_port: Input should be"
    ):
        alerts_without_file({"COMMENTARIAT_ALERTS__SMTP_PORT": "0"})
    with pytest.raises(ConfigError, match=r"alerts\.smtp_prot: unknown key; did you mean 'smtp_port'\?"):
        alerts_without_file({"COMMENTARIAT_ALERTS__SMTP_PROT": "25"})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('warehouse = "commentary"\n', "COMMENTARIAT_WAREHOUSE__PATH"),
        ('alerts = "me"\n', "COMMENTARIAT_ALERTS__WEBHOOK"),
        (f"sample = true\n{SOURCE}", "COMMENTARIAT_SAMPLE__X"),
    ],
)
def test_a_variable_for_a_section_that_the_file_sets_to_a_value_is_refused(write, text: str, name: str):
    message = complaint(write(text), **{name: "https://a.example"})
    assert message.startswith(f"{name}: the file sets ")


def test_an_empty_variable_for_a_path_is_refused(write):
    message = complaint(write(""), COMMENTARIAT_WAREHOUSE__PATH="")
    assert "warehouse.path: is empty" in message
