"""The request to a flow: the fields that all flows share. Prefect makes a form of each request."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from commentariat import ConfigError
from flows.settings.config import Config, load_config
from tasks.home import with_home_if_known
from tasks.text.dates import in_utc
from tasks.whole_path import without_links


def utc_moment(moment: datetime) -> datetime:
    """Convert a time to UTC; a time without a zone, as on the command line and in most forms, is read as UTC.

    Raises
    ------
    ValueError
        When it is before the year 1 or after the year 9999 in UTC.
    """
    try:
        return in_utc(moment)
    except OverflowError:
        raise ValueError(f"{moment} is no time in UTC: the years are 1 to 9999") from None


UtcMoment = Annotated[datetime, AfterValidator(utc_moment)]


def _none_if_empty(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


OptionalPath = Annotated[Path | None, BeforeValidator(_none_if_empty)]
"""A path of a request; an empty field of a form is none, and not the current folder."""
OptionalName = Annotated[str | None, BeforeValidator(_none_if_empty)]
"""A name in a request that may be that of a folder; an empty field of a form is none, and not the current folder."""


class Request(BaseModel):
    """The configuration to use, and the warehouse if it is not the configured one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    config: OptionalPath = Field(
        default=None,
        description="Configuration file; empty: the one that is served, else commentariat.toml, else the sample.",
    )
    warehouse: OptionalPath = Field(default=None, description="Warehouse folder; empty: the configured one.")

    def configured(self) -> Config:
        """Read the configuration file that the request names, without the other values of the request.

        Raises
        ------
        ConfigError, InputError
            When the file cannot be used.
        """
        return load_config(self.config)

    def applied_to(self, config: Config) -> Config:
        """Apply the values of the request to a configuration.

        Raises
        ------
        ConfigError, InputError
            When something that the request names cannot be used.
        """
        if self.warehouse is None:
            return config
        try:
            path = without_links(with_home_if_known(self.warehouse))
        except ValueError as error:
            raise ConfigError(f"{self.warehouse}: {error}") from error
        return config.model_copy(update={"warehouse": config.warehouse.at(path)})

    def resolve_config(self) -> Config:
        """Read the configuration and apply the values of the request to it.

        Raises
        ------
        ConfigError, InputError
            When the file, or something that the request names, cannot be used.
        """
        return self.applied_to(self.configured())
