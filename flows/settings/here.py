"""Checks the current folder, because our configuration and that of Prefect are looked for there."""

import os
from pathlib import Path

from commentariat import ConfigError


def refuse_unreadable_folder() -> None:
    """Check that files can be looked for in the current folder.

    It may have been deleted meanwhile. Or it belongs to another user, who lets nobody in: after `sudo -u` one is still
    in the folder of the user from whom one comes.

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
