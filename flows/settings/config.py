"""The configuration of a night: one TOML file, all of which is checked before anything runs.

Every section is a small model of its own; most are in :mod:`flows.settings.sections`. Unknown keys are errors, so a
typing mistake is never ignored. Environment variables override the file:
``COMMENTARIAT_WAREHOUSE__PATH=/srv/commentary/commentary`` sets ``path`` in ``[warehouse]``. Relative paths are read
from the folder of the file that names them.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from commentariat import ConfigError
from flows.settings.environment import ENVIRONMENT_PREFIX, override, refuse_near_misses
from flows.settings.file import anchored_tables, find_config, folder_of, read_content
from flows.settings.mistakes import explain_all
from flows.settings.model_sections import ModelSettings, TopicSettings
from flows.settings.sections import (
    AlertSettings,
    ExecutionSettings,
    QualitySettings,
    RunSettings,
    ScheduleSettings,
    TargetSettings,
)
from flows.settings.warehouse_section import WarehouseSettings
from models import Target
from tasks.extract.settings import ExtractSettings
from tasks.fetch.settings import FetchSettings
from tasks.home import HomePath
from tasks.second_model.settings import SecondModelSettings
from tasks.section import Section
from tasks.sources import Source

_ALERTS = f"{ENVIRONMENT_PREFIX}ALERTS__"


class Config(Section):
    """A whole ``commentariat.toml``."""

    warehouse: WarehouseSettings = WarehouseSettings()
    sources: tuple[Source, ...] = ()
    targets: tuple[TargetSettings, ...] = ()
    tables: dict[str, HomePath] = Field({}, description='Tables of your own for SQL queries: name = "file".')
    topics: TopicSettings = TopicSettings()
    model: ModelSettings = ModelSettings()
    second_model: SecondModelSettings = SecondModelSettings()
    fetch: FetchSettings = Field(default_factory=FetchSettings)  # the home folder may not be known
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
    def never_sent(self) -> tuple[str, ...]:
        """Names of the sources whose articles are never sent to a second model."""
        return tuple(source.name for source in self.sources if not source.second_model)

    @property
    def asked_targets(self) -> tuple[Target, ...]:
        """The targets as the classifier takes them."""
        return tuple(target.as_target() for target in self.targets)


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
        When the file has mistakes; the message has one line for each: the file, the key, and what is wrong.
    """
    file = find_config(path)
    content = read_content(file)
    if isinstance(section := content.get("second_model"), dict) and "key" in section:
        raise ConfigError(
            f"{file}: second_model.key: a key must not be in a file; remove it and set "
            f"{ENVIRONMENT_PREFIX}SECOND_MODEL__KEY, or name a Prefect Secret block with key_block"
        )
    variables = override(content, environment, Config)
    alerts = content.get("alerts")
    password = alerts.get("smtp_password_variable") if isinstance(alerts, dict) else None
    refuse_near_misses(environment, Config, (password,) if isinstance(password, str) else ())
    folder = folder_of(file)
    content.setdefault("fetch", {})  # so that the default of a path is reported by its whole key
    try:
        config = Config.model_validate(content, context={"folder": folder})
    except ValidationError as error:
        raise ConfigError(explain_all(file, error.errors(), Config, variables)) from error
    return _anchor(config, folder)


def path_in_config(file: Path, config: Path | None) -> str:
    """Write the path of a file as a configuration can name it: from its own folder, or else whole; a TOML text.

    Parameters
    ----------
    file
        A file that is there, from the current folder.
    config
        The configuration; see :func:`find_config` for what None means.
    """
    folder, whole = folder_of(find_config(config)), file.parent.resolve() / file.name
    named = whole.relative_to(folder) if whole.is_relative_to(folder) else whole
    return json.dumps(str(named), ensure_ascii=False)


def model_in_config(model: ModelSettings, config: Path | None) -> str:
    """Write the name of a model as a configuration can name it, wherever the name was typed; a TOML text.

    Parameters
    ----------
    model
        A model whose files were looked for from any folder.
    config
        The configuration; see :func:`find_config` for what None means.
    """
    means_the_same = model.anchored(folder_of(find_config(config))).is_same_model(model)
    return json.dumps(model.name if means_the_same else model.folder or model.name, ensure_ascii=False)


def alert_settings(path: Path | None, environment: Mapping[str, str] = os.environ) -> AlertSettings:
    """Read the settings of alerts of a configuration, also if other parts of it have mistakes.

    An alert may be about a run that failed because of these mistakes. If the file is no TOML, or its own ``[alerts]``
    has mistakes, the environment alone counts.

    Raises
    ------
    ConfigError
        When the settings of alerts in the environment have mistakes too.
    """
    try:
        written = read_content(find_config(path)).get("alerts", {})
        return _alerts({"alerts": written}, environment)
    except ConfigError:
        return alerts_without_file(environment)


def alerts_without_file(environment: Mapping[str, str] = os.environ) -> AlertSettings:
    """Read the settings of alerts from the environment alone, in case those of the file cannot be used.

    Raises
    ------
    ConfigError
        When the environment has mistakes of its own.
    """
    return _alerts({}, environment)


def _alerts(content: dict[str, Any], environment: Mapping[str, str]) -> AlertSettings:
    alerts = {name: value for name, value in environment.items() if name.startswith(_ALERTS)}
    variables = override(content, alerts, Config)
    try:
        return AlertSettings.model_validate(content.get("alerts", {}))
    except ValidationError as error:
        problems = [problem | {"loc": ("alerts", *problem["loc"])} for problem in error.errors()]
        raise ConfigError(explain_all(f"{_ALERTS}*", problems, Config, variables)) from error


def _anchor(config: Config, folder: Path) -> Config:
    """Resolve relative paths from the folder of the configuration, wherever the command was started."""
    sources = tuple(source.anchored(folder) for source in config.sources)
    return config.model_copy(
        update={
            "warehouse": config.warehouse.anchored(folder),
            "sources": sources,
            "tables": anchored_tables(config.tables, folder),
            "topics": config.topics.anchored(folder),
            "model": config.model.anchored(folder),
            "fetch": config.fetch.model_copy(update={"archives": folder / config.fetch.archives}),
        }
    )


def _refuse_repeats(key: str, values: list[str]) -> None:
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise ValueError(f"{key} {', '.join(repeated)} is used more than once; give each entry its own")
