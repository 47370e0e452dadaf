"""The settings of Prefect that a night relies on, as environment variables for the processes we start.

``pyproject.toml`` has the same settings for a Prefect that is started in the project's folder. Variables that a person
has set in the environment override both.
"""

import os
from collections.abc import Mapping, MutableMapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from commentariat import ConfigError
from flows.settings.here import refuse_unreadable_folder

PREFECT_SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        # If no server is named, a run starts its own; on a busy machine this takes longer than Prefect's 20 seconds.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        # A run sends a heartbeat every 30 seconds; after 90 without one, it counts as dead (monitoring/automations.py).
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        # A server whose database is locked answers 503. With seven more attempts, each of which waits twice as long as
        # the one before, a run waits for it for four minutes; with Prefect's five, for one minute.
        "PREFECT_CLIENT_MAX_RETRIES": "7",
        # By default the server writes task runs and events one by one, is too slow, and drops those for which there is
        # no room in its queue: of 6,000 task runs in quick succession, a default server recorded 3,466.
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
        "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_READ_BATCH_SIZE": "50",
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "1",
        # Runs, their logs and their artifacts are kept for 60 days, events for 7: the database stays small.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": "5184000",
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P7D",
        # The run of a deployment leases its place for 300 seconds at a time. Prefect ends a run whose lease the server
        # no longer knows, so leases are files in PREFECT_HOME: those in the server's memory would go with a restart.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        # What the rule for dead runs waits for is kept while the server is off: after 60 seconds, Prefect's default, a
        # run that died with the server (power cut) would be shown as running for ever.
        "PREFECT_SERVER_EVENTS_EXPIRED_BUCKET_BUFFER": "P7D",
    }
)


_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


def apply_prefect_settings(environment: MutableMapping[str, str]) -> None:
    """Add the settings that an environment lacks; to be called before Prefect is first imported.

    If the environment names a proxy, this machine is added to the hosts that are reached without it: Prefect's clients
    would ask the proxy for a server on loopback.
    """
    for name, value in PREFECT_SETTINGS.items():
        environment.setdefault(name, value)
    names = {name.lower() for name, value in environment.items() if value}
    if not names & {"http_proxy", "https_proxy", "all_proxy"}:
        return
    # Most programs read the variable in small letters, and the one in capital letters only if the first is missing.
    spared = (environment.get("no_proxy") or environment.get("NO_PROXY") or "").split(",")
    hosts = [host.strip() for host in spared if host.strip()]
    if "*" not in hosts:
        hosts += [host for host in _THIS_MACHINE if host not in hosts]
    environment["no_proxy"] = environment["NO_PROXY"] = ",".join(hosts)


def import_prefect() -> None:
    """Import Prefect with these settings; while it is imported, it reads all of its settings.

    Raises
    ------
    ConfigError
        When Prefect refuses a setting, or cannot read a file in which it looks for settings.
    """
    refuse_unreadable_folder()
    apply_prefect_settings(os.environ)
    try:
        import_module("prefect.context")
    except (OSError, RuntimeError, ValueError) as error:
        raise ConfigError(
            f"Prefect cannot start with its present settings: {_in_a_line(error)}. See the variables PREFECT_..., "
            "prefect.toml, pyproject.toml and .env in this folder, and profiles.toml in PREFECT_HOME (without it "
            "~/.prefect)"
        ) from error


def _in_a_line(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return " ".join(str(error).split()).rstrip(".")
    # Without the value, which may be a key or a password.
    return "; ".join(
        f"{'.'.join(map(str, problem['loc']))} ({error.title}): {problem['msg']}"
        for problem in error.errors()
    )


def a_server_may_be_named() -> bool:
    """Tell before Prefect is imported, which takes most of a second, whether something may name a server for its runs.

    That is a variable or a file of profiles. Prefect also looks into files of the present folder; whether these name a
    server can be told only when it is imported.
    """
    if any(os.environ.get(name) for name in ("PREFECT_API_URL", "PREFECT_PROFILE")):
        return True
    home = os.environ.get("PREFECT_HOME") or "~/.prefect"
    try:
        return Path(os.environ.get("PREFECT_PROFILES_PATH") or f"{home}/profiles.toml").expanduser().exists()
    except (OSError, RuntimeError):  # the folder cannot be read, or there is no home
        return True


def folder_of_database() -> Path | None:
    """Give the folder in which a Prefect server on this machine keeps its database; None if it is another database."""
    from prefect.settings import get_current_settings  # noqa: PLC0415 - only commands that start a server import Prefect

    settings = get_current_settings()
    url = settings.server.database.connection_url
    return settings.home if url and str(settings.home) in url.get_secret_value() else None
