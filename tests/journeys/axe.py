"""axe-core, which finds barriers for people on a page. npm fetches it when tests need it; it is never committed."""

import functools
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import pytest

VERSION = "4.14.1"
FILE = os.environ.get("COMMENTARIAT_AXE")
"""Names the path of an existing axe.min.js, so that nothing is fetched."""


@functools.cache
def axe_script() -> str:
    """Return the script; without the file and npm, skip the test, or fail if ``REQUIRE_ALL`` is 1 (``.ci/run``)."""
    if FILE:
        return Path(FILE).read_text(encoding="utf-8")
    npm = shutil.which("npm")
    if npm is None:
        _end_without("needs npm, or COMMENTARIAT_AXE=axe.min.js")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", f"axe-core@{VERSION}", "--silent"]
        packed = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
        if packed.returncode:
            _end_without(f"npm does not get axe-core: {packed.stderr.strip()[:200]}")
        with tarfile.open(Path(folder) / packed.stdout.split()[-1]) as archive:
            member = archive.extractfile("package/axe.min.js")
            assert member is not None
            return member.read().decode("utf-8")


def _end_without(reason: str) -> NoReturn:
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def serious(page: Any) -> list[str]:
    """List the serious and critical issues of the open page: kind, severity and place."""
    page.evaluate(axe_script())  # not as a script of the page, because its security policy would refuse it
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{issue['id']} ({issue['impact']}): {json.dumps([node['html'][:160] for node in issue['nodes'][:3]])}"
        for issue in found["violations"]
        if issue["impact"] in ("serious", "critical")
    ]
