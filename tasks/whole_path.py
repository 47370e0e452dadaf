"""The whole path of a file or folder, without links. It imports little, because commands that only read use it too."""

import os
from pathlib import Path

from commentariat import ConfigError


def without_links(path: Path) -> Path:
    """Give the whole path without links; a link that leads to itself stays, and nothing is found there.

    For such a link, ``Path.resolve`` raises a RuntimeError before Python 3.13.

    Raises
    ------
    ConfigError
        When the path is relative, and the current folder cannot be read, for example because it was deleted.
    """
    try:
        return Path(os.path.realpath(path))
    except OSError as error:
        raise ConfigError(
            f"{path}: the current folder cannot be read ({error.strerror}): cd to another folder, or name a whole path"
        ) from error
