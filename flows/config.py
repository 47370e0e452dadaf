"""The configuration of a night: one TOML file, checked whole before anything runs.

Every section is a small model of its own; unknown keys are errors, so a typing mistake never passes for a
setting. Environment variables override the file: ``COMMENTARIAT_WAREHOUSE__PATH=/srv/commentary`` sets ``path``
in ``[warehouse]``. Relative paths are read from the folder of the file that names them.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args, get_origin
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from commentariat import ConfigError
from models import Target
from tasks.extract.settings import ExtractSettings
from tasks.fetch.settings import FetchSettings
from tasks.sources import Source
from warehouse import Warehouse
from warehouse.shared import LogKind, shared_place

CONFIG_NAME = "commentariat.toml"
SAMPLE_CONFIG = Path(__file__).parent / "sample" / CONFIG_NAME
ENVIRONMENT_PREFIX = "COMMENTARIAT_"
_ALERTS = f"{ENVIRONMENT_PREFIX}ALERTS__"


class Section(BaseModel):
    """A section of the file: typed, immutable, and closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WarehouseSettings(Section):
    """``[warehouse]``: where results are kept."""

    path: Path = Field(Path("commentary"), description="Folder of the warehouse.")
    wait_seconds: float = Field(
        0, ge=0, description="How long to wait for another run that is writing before giving up."
    )
    keep_snapshots: int = Field(
        3, ge=1, description="Published snapshots kept for readers that still use them."
    )
    shared: str = Field(
        "",
        description="Where several machines share the warehouse: a folder all of them reach, or s3://bucket/folder. "
        "The path above then is this machine's working copy.",
    )
    log: LogKind = Field(
        "files", description="What the shared log is made of: files, or a Delta table (extra `delta`)."
    )

    @model_validator(mode="after")
    def _log_is_shared(self) -> Self:
        if self.log != "files" and not self.shared:
            raise ValueError(f'log = "{self.log}" needs shared: where several machines share the warehouse')
        return self

    def open(self, path: Path | None = None) -> Warehouse:
        """Give the warehouse to write in: at ``path``, or the configured one."""
        remote = shared_place(self.shared, log=self.log) if self.shared else None
        return Warehouse(path or self.path, keep_snapshots=self.keep_snapshots, remote=remote)


class TargetSettings(Section):
    """A ``[[targets]]`` entry: a question to track, as a statement one can be for or against."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
    statement: Annotated[str, Field(min_length=3, max_length=300)]
    aliases: tuple[str, ...] = ()

    def as_target(self) -> Target:
        """Give the target as the classifier takes it."""
        return Target(id=self.id, statement=self.statement, aliases=self.aliases)


class TopicSettings(Section):
    """``[topics]``: the scheme of topics, bundled (``cap``, ``iptc``) or a TOML file of labels."""

    taxonomy: str = "cap"


class ModelSettings(Section):
    """``[model]``: the bundled model by name, a folder, or a Hugging Face id (extra ``torch``)."""

    name: str = "fast"
    threads: int = Field(0, ge=0, description="CPU threads of the classifier; 0 takes every core.")


class RunSettings(Section):
    """``[run]``: how much is in hand at a time, what is tried again, what is looked at again."""

    batch_size: int = Field(64, ge=1, le=512, description="Articles in a micro-batch, at least.")
    batches_a_run: int = Field(
        32, ge=1, description="A run with more micro-batches takes larger ones instead, within limits."
    )
    batches_in_flight: int = Field(
        2, ge=1, le=16, description="Micro-batches fetched ahead of the classifier."
    )
    max_attempts: int = Field(3, ge=1, description="Nights on which a failed page is tried again.")
    recheck_days: float = Field(
        3, ge=0, description="For how many days after it was found a page is looked at again for changes."
    )
    publish_every: int = Field(
        20, ge=1, description="Micro-batches between two snapshots during a long night."
    )


class ExecutionSettings(Section):
    """``[execution]``: who reads. Everything else of a night stays in the flow's own process."""

    runner: Literal["threads", "processes", "dask", "ray"] = Field(
        "threads", description="Prefect's task runner for the classifier; dask and ray are extras."
    )
    workers: int = Field(
        0,
        ge=0,
        le=1024,
        description="Parts that a micro-batch is read in; 0: one for threads, else one for each core.",
    )
    address: str = Field(
        "", description="Dask scheduler or Ray head to ask; empty: workers of its own on this machine."
    )

    @model_validator(mode="after")
    def _address_has_a_cluster(self) -> Self:
        if self.address and self.runner in ("threads", "processes"):
            raise ValueError(f'address belongs to runner = "dask" or "ray", not to "{self.runner}"')
        if self.address and not self.workers:
            raise ValueError("address needs workers: in how many parts the cluster is to read a micro-batch")
        return self


class ScheduleSettings(Section):
    """``[schedule]``: when ``commentariat serve`` runs the night and the weekly maintenance."""

    cron: str = "30 3 * * *"
    maintenance_cron: str = "0 6 * * 0"
    timezone: str = "UTC"
    wait_minutes: float = Field(
        360, ge=0, description="How long a scheduled run waits for another one that is writing."
    )

    @field_validator("timezone")
    @classmethod
    def _timezone_exists(cls, timezone: str) -> str:
        if timezone not in available_timezones():
            raise ValueError("no such time zone; names look like UTC, Europe/Berlin or America/New_York")
        return timezone


class QualitySettings(Section):
    """``[quality]``: when a finished night is not a good one and somebody should be told."""

    max_failed_share: float = Field(
        0.25, ge=0, le=1, description="Share of items that may fail before a warning."
    )
    silent_source_days: float = Field(
        3, gt=0, description="Days without anything new before a source is reported."
    )
    max_topic_drift: float = Field(
        0.25,
        ge=0,
        le=1,
        description="Share of a night's main topics that may differ from other nights', beyond chance.",
    )
    max_stance_drift: float = Field(
        0.25,
        ge=0,
        le=1,
        description="Share of a night's stances on a target that may differ, beyond chance.",
    )
    drift_from_articles: int = Field(
        30, ge=1, description="Articles that a night and its history must have before drift is judged."
    )
    history_days: float = Field(90, gt=0, description="How far back the history goes.")


class AlertSettings(Section):
    """``[alerts]``: who is told when a run fails, crashes or needs attention. Secrets: environment or blocks."""

    webhook: str = Field("", description="Address that gets a JSON POST.", repr=False)
    email_to: tuple[str, ...] = ()
    email_from: str = "commentariat@localhost"
    smtp_host: str = ""
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password_variable: str = Field(
        "COMMENTARIAT_SMTP_PASSWORD", description="Environment variable that holds the password."
    )
    blocks: tuple[str, ...] = Field((), description="Prefect notification blocks, as type/name.")

    @field_validator("webhook")
    @classmethod
    def _webhook_is_an_address(cls, webhook: str) -> str:
        if webhook and not webhook.startswith(("http://", "https://")):
            raise ValueError("should be an address that starts with https:// or http://")
        return webhook

    @model_validator(mode="after")
    def _mail_has_a_server(self) -> Self:
        if self.email_to and not self.smtp_host:
            raise ValueError("email_to needs smtp_host, the server that sends the mail")
        return self


class Config(Section):
    """A whole ``commentariat.toml``."""

    warehouse: WarehouseSettings = WarehouseSettings()
    sources: tuple[Source, ...] = ()
    targets: tuple[TargetSettings, ...] = ()
    topics: TopicSettings = TopicSettings()
    model: ModelSettings = ModelSettings()
    fetch: FetchSettings = FetchSettings()
    extract: ExtractSettings = ExtractSettings()
    run: RunSettings = RunSettings()
    execution: ExecutionSettings = ExecutionSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    quality: QualitySettings = QualitySettings()
    alerts: AlertSettings = AlertSettings()
    sample: bool = Field(False, description="Serve the bundled sample site on loopback during the run.")

    @field_validator("sources")
    @classmethod
    def _source_names_are_unique(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        _refuse_repeats("name", [source.name for source in sources])
        return sources

    @field_validator("targets")
    @classmethod
    def _target_ids_are_unique(cls, targets: tuple[TargetSettings, ...]) -> tuple[TargetSettings, ...]:
        _refuse_repeats("id", [target.id for target in targets])
        return targets

    @model_validator(mode="after")
    def _sample_only_with_sources(self) -> Self:
        if self.sample and not self.sources:
            raise ValueError("sample = true needs the [[sources]] of the sample; start from the bundled file")
        return self

    @property
    def asked(self) -> tuple[Target, ...]:
        """The targets as the classifier takes them."""
        return tuple(target.as_target() for target in self.targets)


def find_config(path: Path | None) -> Path:
    """Say which file a run is configured by.

    The one named, else ``commentariat.toml`` in the current folder, else the bundled sample.

    Raises
    ------
    ConfigError
        When the file named does not exist.
    """
    if path is None:
        here = Path(CONFIG_NAME)
        return here.resolve() if here.is_file() else SAMPLE_CONFIG
    if not path.is_file():
        raise ConfigError(f"{path}: no such configuration file; `commentariat init` writes one to start from")
    return path.resolve()


def load_config(path: Path | None = None, environment: Mapping[str, str] = os.environ) -> Config:
    """Read and check a configuration.

    Parameters
    ----------
    path
        The file; see :func:`find_config` for what None means.
    environment
        Variables named ``COMMENTARIAT_<SECTION>__<KEY>`` override the file.

    Raises
    ------
    ConfigError
        With one line for each thing that is wrong: the file, the key, what is wrong with it.
    """
    file = find_config(path)
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from error
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error
    _override(content, environment)
    try:
        config = Config.model_validate(content)
    except ValidationError as error:
        problems = "\n".join(f"  {_explain(problem)}" for problem in error.errors())
        raise ConfigError(f"{file}: the configuration has mistakes:\n{problems}") from error
    return _anchor(config, Path.cwd() if file == SAMPLE_CONFIG else file.parent)


def alerts_without_file(environment: Mapping[str, str] = os.environ) -> AlertSettings:
    """Say who is to be told as far as the environment knows it: for when the file is what is wrong.

    Raises
    ------
    ConfigError
        When the environment has mistakes of its own.
    """
    content: dict[str, Any] = {}
    _override(content, {name: v for name, v in environment.items() if name.startswith(_ALERTS)})
    try:
        return AlertSettings.model_validate(content.get("alerts", {}))
    except ValidationError as error:
        raise ConfigError(f"{_ALERTS}*: {_explain(error.errors()[0])}") from error


def _anchor(config: Config, folder: Path) -> Config:
    """Read relative paths from the folder of the configuration, wherever the command was started."""
    shared = config.warehouse.shared
    if shared and "://" not in shared:
        shared = str(folder / Path(shared).expanduser())
    path = folder / config.warehouse.path.expanduser()
    warehouse = config.warehouse.model_copy(update={"path": path, "shared": shared})
    sources = tuple(source.anchored(folder) for source in config.sources)
    return config.model_copy(update={"warehouse": warehouse, "sources": sources})


def _override(content: dict[str, Any], environment: Mapping[str, str]) -> None:
    for name, value in environment.items():
        section, _, key = name.removeprefix(ENVIRONMENT_PREFIX).lower().partition("__")
        if not name.startswith(ENVIRONMENT_PREFIX) or not key:
            continue
        if section not in Config.model_fields or section in ("sources", "targets"):
            raise ConfigError(
                f"{name}: no section [{section}] to set; {_nearest(section, Config.model_fields)}"
            )
        content.setdefault(section, {})[key] = _typed(value)


def _typed(value: str) -> Any:  # noqa: ANN401 - a TOML value is any of TOML's types; pydantic checks it next
    try:
        return tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return value


def _explain(problem: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails lives in a private package
    location = [part for part in problem["loc"] if isinstance(part, str | int)]
    name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")
    if problem["type"] == "extra_forbidden":
        return f"{name}: unknown key; {_nearest(str(location[-1]), _keys_at(location[:-1]))}"
    if problem["type"] == "missing":
        return f"{name}: required, but missing"
    message = problem["msg"].removeprefix("Value error, ")
    given = problem.get("input")
    # An address of alerts may hold a secret, and this sentence goes into logs and the Prefect UI.
    is_shown = isinstance(given, str | int | float) and "webhook" not in location
    shown = f" (it is {given!r})" if is_shown else ""
    return f"{name or 'the file'}: {message}{shown}"


def _keys_at(location: list[str | int]) -> list[str]:
    model: Any = Config
    for part in location:
        if isinstance(part, int):
            continue
        if not (isinstance(model, type) and issubclass(model, BaseModel)) or part not in model.model_fields:
            return []
        model = model.model_fields[part].annotation
        if get_origin(model) is tuple:
            model = get_args(model)[0]
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _nearest(word: str, known: Mapping[str, object] | list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"known are: {', '.join(known)}"


def _refuse_repeats(key: str, values: list[str]) -> None:
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise ValueError(f"{key} {', '.join(repeated)} is used more than once; give each entry its own")
