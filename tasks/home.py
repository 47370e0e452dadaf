"""Paths that begin with ``~``, the home folder of a user."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator


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


HomePath = Annotated[Path, AfterValidator(with_home)]
"""A path in a configuration, in which ``~`` stands for the home folder."""
