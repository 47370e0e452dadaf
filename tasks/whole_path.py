"""The whole path of a file or folder, without links. It imports little, because commands that only read use it too."""

import os
from pathlib import Path


def without_links(path: Path) -> Path:
    """Give the whole path without links; a link that leads to itself stays, and nothing is found there.

    For such a link, ``Path.resolve`` raises a RuntimeError before Python 3.13.
    """
    return Path(os.path.realpath(path))
