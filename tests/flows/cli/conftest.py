"""For tests of commands: a page to extract, and a copy of the published warehouse."""

import shutil
from pathlib import Path

import pytest

PAGE = (
    """<html><head><title>Charge the drivers</title><meta name="author" content="Ada Writer"></head><body><article>
<h1>Charge the drivers</h1>"""
    + "".join(
        f"<p>Cities should charge drivers, and reason number {n} is that streets are for the people who live on them, "
        f"which nobody at the meeting of the council on evening {n} would say aloud.</p>"
        for n in range(12)
    )
    + "</article></body></html>"
)


@pytest.fixture
def own(published: Path, tmp_path: Path) -> Path:
    """A copy of the published warehouse that a test may change."""
    path = tmp_path / "own"
    shutil.copytree(published, path, symlinks=True)
    return path
