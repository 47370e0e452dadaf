"""Checks the current folder, because our configuration and that of Prefect are looked for there."""

import os
from pathlib import Path

from commentariat import ConfigError


def refuse_unreadable_folder() -> None:
    """Check that files can be looked for in the current folder.

    It may have been deleted meanwhile, or belong to another user who gives nobody access: a command that `sudo -u`
    starts runs in the folder in which `sudo` was called.

    Raises
    ------
    ConfigError
        When the folder cannot be read.
    """
    try:
        Path(os.curdir).stat()
        Path.cwd()
    except OSError as error:
        raise ConfigError(
            f"the current folder cannot be read ({error.strerror}): cd to another folder"
        ) from error
