"""The parts of a configuration that a query needs: the folder of the warehouse, and the user's own tables.

To check a whole configuration takes longer than most queries. A query does not need the other sections, and mistakes
in them do not keep people from the results of earlier nights.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, ValidationError

from flows.settings.environment import ENVIRONMENT_PREFIX
from flows.settings.file import anchored_tables, find_config, folder_of, read_content
from flows.settings.warehouse_section import WarehouseSettings
from tasks.home import HomePath
from tasks.section import Section

#: All keys of a configuration. A key that is not among them may be a misspelt "warehouse".
KEYS = frozenset({
    "warehouse", "sources", "targets", "tables", "topics", "model", "second_model", "fetch", "extract", "run",
    "execution", "schedule", "quality", "alerts", "sample",
})  # fmt: skip


class QueriedPlaces(Section):
    """The sections of a configuration that a query needs."""

    warehouse: WarehouseSettings = WarehouseSettings()
    tables: dict[str, HomePath] = Field({}, description='Tables of your own for SQL queries: name = "file".')

    def anchored(self, folder: Path) -> "QueriedPlaces":
        """Resolve relative paths from the folder of the configuration."""
        tables = anchored_tables(self.tables, folder)
        return self.model_copy(update={"warehouse": self.warehouse.anchored(folder), "tables": tables})


def queried_places(path: Path | None, environment: Mapping[str, str] = os.environ) -> QueriedPlaces:
    """Read the sections that a query needs.

    The whole configuration is read, and its mistakes are reported, if an environment variable might override it, or if
    one of its keys is not known.

    Parameters
    ----------
    path
        The file; see :func:`flows.settings.file.find_config` for what None means.

    Raises
    ------
    ConfigError
        When there is no such file, or these sections of it have mistakes.
    """
    file = find_config(path)
    content = read_content(file)
    if content.keys() <= KEYS and not any(map(_may_be_meant_for_it, environment)):
        needed = {name: content[name] for name in QueriedPlaces.model_fields if name in content}
        try:
            return QueriedPlaces.model_validate(needed).anchored(folder_of(file))
        except ValidationError:
            pass  # the whole configuration explains its mistakes
    from flows.settings.config import load_config  # noqa: PLC0415 - see the module

    config = load_config(path, environment)
    return QueriedPlaces.model_construct(warehouse=config.warehouse, tables=config.tables)


def _may_be_meant_for_it(variable: str) -> bool:
    """Say whether a variable may override the configuration, or be a misspelt one that would."""
    key = variable.removeprefix(ENVIRONMENT_PREFIX).lower()
    return variable.startswith(ENVIRONMENT_PREFIX) and ("__" in key or key.startswith(tuple(KEYS)))
