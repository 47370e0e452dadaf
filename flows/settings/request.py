"""What a flow is asked for: the fields that all of them share. Prefect makes a form of each request."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from flows.settings.config import Config, load_config


def in_utc(moment: datetime) -> datetime:
    """Read a time as UTC where it names no zone, as on the command line and in most forms."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


UtcMoment = Annotated[datetime, AfterValidator(in_utc)]


class Request(BaseModel):
    """Which configuration, and which warehouse if not the configured one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    config: Path | None = Field(
        None, description="Configuration file; empty: commentariat.toml, else the sample."
    )
    warehouse: Path | None = Field(None, description="Warehouse folder; empty: the configured one.")

    def resolve_config(self) -> Config:
        """Read the configuration and let the request have the last word.

        Raises
        ------
        ConfigError, InputError
            When the file, or something the request names, cannot be used.
        """
        config = load_config(self.config)
        if self.warehouse is None:
            return config
        path = self.warehouse.expanduser().resolve()
        return config.model_copy(update={"warehouse": config.warehouse.model_copy(update={"path": path})})
