"""The file of a configuration: where it is found, its content as it is written, and where its paths start."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from commentariat import ConfigError
from flows.settings.here import refuse_unreadable_folder

CONFIG_NAME = "commentariat.toml"
SERVED_CONFIG = "COMMENTARIAT_SERVED_CONFIG"
"""The variable that has the configuration of a deployment in the processes of its runs. A form may leave it out."""
#: Without links, as :func:`find_config` gives every file, so that it is known again where its path was handed on.
SAMPLE_CONFIG = Path(__file__).resolve().parents[1] / "sample" / CONFIG_NAME


def find_config(path: Path | None) -> Path:
    """Find the configuration file of a run.

    It is the named file, or else in a run of a deployment the one that is served, or else ``commentariat.toml`` in the
    current folder, or else that of the bundled sample.

    Raises
    ------
    ConfigError
        When the named file does not exist, or cannot be one; without a name, when the current folder cannot be read.
    """
    if path is None and (served := os.environ.get(SERVED_CONFIG)):
        path = Path(served)
    if path is None:
        refuse_unreadable_folder()
        if not os.path.lexists(CONFIG_NAME):  # a link that leads nowhere is there, and was meant to be used
            return SAMPLE_CONFIG
    named = path or Path(CONFIG_NAME)
    try:
        if named.is_file():
            return named.resolve()
        is_there = os.path.lexists(named)
    except OSError as error:
        raise ConfigError(f"{named}: cannot be read: {error.strerror}") from error
    if is_there:
        kind = "is a link to a file that does not exist" if named.is_symlink() else "is not a file"
        raise ConfigError(f"{named}: {kind}; name another file with --config, or remove it")
    raise ConfigError(f"{named}: no such configuration file; `commentariat init` writes one to start from")


def read_content(file: Path) -> dict[str, Any]:
    """Read the content of a configuration file, which is not checked.

    Raises
    ------
    ConfigError
        When the file cannot be read, or is not TOML.
    """
    try:
        # Some editors write a byte order mark at the beginning, which is no TOML.
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is no TOMLDecodeError
        raise ConfigError(f"{file}: not valid TOML: {error}") from error
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error


def folder_of(file: Path) -> Path:
    """Give the folder from which the relative paths of a configuration are read."""
    if file != SAMPLE_CONFIG:
        return file.parent
    refuse_unreadable_folder()
    return Path.cwd()


def anchored_tables(tables: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Resolve the relative paths of the user's own tables from the folder of the configuration."""
    return {name: folder / file for name, file in tables.items()}
