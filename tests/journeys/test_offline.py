"""The watch over the contacts of a journey sees what leaves this machine, and nothing else.

Nothing leaves it here: the address is one that no machine has, and a socket that is bound to loopback or that has no
connections sends nothing to it.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.offline import Watch

#: One of the addresses for documents (RFC 5737).
NOBODY = "192.0.2.1"

BEGINNING = "import asyncio, contextlib, os, socket, subprocess, sys, tempfile\n"

OUTSIDE = {
    "a connection": f"""
with contextlib.suppress(OSError), socket.socket(type=socket.SOCK_DGRAM) as udp:
    udp.connect(("{NOBODY}", 9))
""",
    "a connection of asyncio": f"""
with contextlib.suppress(OSError):
    asyncio.run(asyncio.wait_for(asyncio.open_connection("{NOBODY}", 9, local_addr=("127.0.0.1", 0)), 5))
""",
    "a packet": f"""
with contextlib.suppress(OSError), socket.socket(type=socket.SOCK_DGRAM) as udp:
    udp.bind(("127.0.0.1", 0))
    udp.sendto(b"x", ("{NOBODY}", 9))
""",
    "a look-up": f"""
socket.getaddrinfo("{NOBODY}", 80, flags=socket.AI_NUMERICHOST)
""",
    "a process of the process": f"""
look_up = "import socket; socket.getaddrinfo('{NOBODY}', 80, flags=socket.AI_NUMERICHOST)"
subprocess.run([sys.executable, "-P", "-c", look_up], check=True)
""",
    "a forked process": f"""
if (child := os.fork()) == 0:
    socket.getaddrinfo("{NOBODY}", 80, flags=socket.AI_NUMERICHOST)
    os._exit(0)
os.waitpid(child, 0)
""",
}

WITHIN = """
async def talk():
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    for host in ("127.0.0.1", "localhost"):
        _, writer = await asyncio.open_connection(host, server.sockets[0].getsockname()[1])
        writer.close()
    server.close()

asyncio.run(talk())
socket.getaddrinfo(None, 80)
with contextlib.suppress(OSError), socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as udp:
    udp.connect(("::1", 9))
with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
    listener.bind(os.path.join(folder, "s"))
    listener.listen()
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(os.path.join(folder, "s"))
"""


def watched(folder: Path, program: str) -> Watch:
    watch = Watch(folder)
    command = [sys.executable, "-c", BEGINNING + program]
    subprocess.run(command, env=os.environ | watch.settings, check=True, timeout=60)
    return watch


@pytest.mark.parametrize("program", OUTSIDE.values(), ids=OUTSIDE)
def test_what_leaves_the_machine_is_noted(tmp_path: Path, program: str) -> None:
    contacts = watched(tmp_path, program).contacts
    assert contacts
    assert all(NOBODY in contact for contact in contacts)


def test_what_stays_on_the_machine_is_not_noted(tmp_path: Path) -> None:
    watch = watched(tmp_path, WITHIN)
    assert watch.commands
    assert watch.contacts == []
