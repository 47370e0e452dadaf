"""Ends a server that a command has started when the command ends, even if it is killed or its terminal is closed."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_PROGRAM = Path(__file__).with_name("end_after_parent.py")


def end_after_this_process(server: subprocess.Popen[Any]) -> subprocess.Popen[bytes]:
    """Start a small process that ends a server after this process is gone; it ends itself when the server has ended.

    It is in a session of its own and has no terminal, so that what ends this process does not end it.
    """
    # -I and -S: no variable and no folder of the user decides what it imports, and it starts at once. It keeps no
    # folder busy and no pipe open.
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-I", "-S", str(_PROGRAM), str(os.getpid()), str(server.pid)],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
