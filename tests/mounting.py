"""Whether tests may mount small file systems, which fill up."""

import functools
import shutil
import subprocess

import pytest


@functools.cache
def can_mount() -> bool:
    """Whether a user may mount a file system in a space of names of its own, as on most Linux machines."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return False
    tried = subprocess.run(
        [unshare, "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


needs_mount = pytest.mark.skipif(
    not can_mount(), reason="needs leave to mount a small file system (unshare -rm)"
)
