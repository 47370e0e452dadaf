"""Paths in settings: those that begin with ``~``, the home folder of a user, and empty ones, which are refused."""

import os
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator

Value = TypeVar("Value")


def with_home(path: Path) -> Path:
    """Write the home folder in place of a leading ``~`` or ``~user``.

    Raises
    ------
    ValueError
        When there is no such user, or the home folder of this process is not known, as in some containers.
    """
    try:
        return path.expanduser()
    except RuntimeError:
        remedy = "write the whole path" if path.parts[0] != "~" else "write the whole path, or set HOME"
        raise ValueError(f"the home folder {path.parts[0]} is not known: {remedy}") from None


def with_home_if_known(path: Path) -> Path:
    """Write the home folder in place of a leading ``~`` or ``~user``, unless this is the beginning of a name.

    For paths that were typed. Like a shell, it leaves a name such as ``~$page.html``, Office's lock file, as it is. A
    folder of a user who does not exist is refused all the same, if there is no such folder here: it would be made.

    Raises
    ------
    ValueError
        When there is no such user, folder or file, or the home folder of this process is not known.
    """
    try:
        return with_home(path)
    except ValueError:
        if path.parts[0] != "~" and (len(path.parts) == 1 or os.path.lexists(path.parts[0])):
            return path
        raise


def not_empty(text: Value) -> Value:
    """Refuse an empty path, which Python would read as the current folder.

    Raises
    ------
    ValueError
        When it is empty or blank, as the value of a variable that is not set.
    """
    if isinstance(text, str) and not text.strip():
        raise ValueError("is empty: write a path, or leave it out")
    return text


HomePath = Annotated[Path, BeforeValidator(not_empty), AfterValidator(with_home)]
"""A path in a configuration, in which ``~`` stands for the home folder."""
