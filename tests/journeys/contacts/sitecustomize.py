"""Notes what a process asks of the network outside this machine.

Python imports this module by itself in every process that has this folder on its search path. An audit hook sees each
address to which Python connects or sends, and each name that it looks up. Those that are not of this machine are
written to a file in the folder ``JOURNEY_CONTACTS``, behind a line that says that the hook was set. Everything else is
the product as it is installed.

Python raises no event for a socket that a library opens in C, such as that with which DuckDB downloads an extension.
"""

import ipaddress
import json
import os
import sys
from pathlib import Path

_LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_CONTACTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}


def _hook(event: str, arguments: tuple) -> None:
    if event in _LOOK_UPS:
        host = arguments[0]
    elif event in _CONTACTS and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:  # the address of a socket between processes of this machine is a path, and not a tuple
        return
    if _is_outside(host):
        _note(event, host)


def _is_outside(host: object) -> bool:
    name = host.decode(errors="replace") if isinstance(host, bytes | bytearray) else host
    # No name means this machine, and a number is the address of a part of its kernel.
    if not isinstance(name, str) or name in ("", "localhost"):
        return False
    try:
        return not ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return True


def _note(event: str, host: object) -> None:
    noted = {"event": event, "host": str(host), "command": " ".join(sys.orig_argv)[:200]}
    # Opened for each line, because a process that was forked writes to a file of its own.
    with (Path(os.environ["JOURNEY_CONTACTS"]) / f"{os.getpid()}.jsonl").open("a") as file:
        file.write(json.dumps(noted) + "\n")


if __name__ == "sitecustomize" and "JOURNEY_CONTACTS" in os.environ:
    sys.addaudithook(_hook)
    _note("started", "")
