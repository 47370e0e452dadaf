"""User names and passwords in addresses: they are removed before an address is stored, shown or fetched.

In a password, ``/``, ``?``, ``#`` and ``@`` should be written with ``%``; people do not always do so.
"""

import re

_BEGINNING = re.compile(r"^\s*((?:[A-Za-z][A-Za-z0-9+.-]*:)?//)")
_BEHIND_HOST = re.compile(r"[/?#]")
_BEHIND_NAME = re.compile(r"[/?#@]")
_WITHOUT_SCHEME = re.compile(r"^\s*(?!mailto:|data:|javascript:)[^\s/:@]+:[^@]*@", re.IGNORECASE)


def without_credentials(address: str) -> str:
    """Remove user name and password from an address as a person wrote it; any other text is returned unchanged."""
    if (beginning := _BEGINNING.match(address)) is None:
        return address
    rest = address[beginning.end() :]
    at = _end_of_credentials(rest)
    return address if at < 0 else beginning[1] + rest[at + 1 :]


def may_hold_a_password(address: str) -> bool:
    """Whether an address has a second reading, in which :func:`without_credentials` leaves part of a password in it.

    ``//ann:1/2@ledger.example`` may be Ann's password for a host, or the page ``/2@ledger.example`` on a host ``ann``.
    """
    if (beginning := _BEGINNING.match(address)) is None:
        return _WITHOUT_SCHEME.match(address) is not None
    rest = address[beginning.end() :]
    at = _end_of_credentials(rest)
    left = rest[at + 1 :]
    host = left[: _end(_BEHIND_HOST, left)]
    has_port = ":" in host
    if at < 0 and not has_port and _is_host(host):
        return False
    behind = left[len(host) :]
    ats = [sign for sign in _ats(behind) if _host_follows(behind, sign)]
    if at >= 0 or (has_port and not _is_host(host)):
        return bool(ats)
    path = behind.partition("?")[0]  # mail addresses in a query, and people's names after a /, are common
    return any(sign < len(path) and behind[sign - 1] != "/" for sign in ats)


def _end_of_credentials(rest: str) -> int:
    """Find the ``@`` after user name and password; -1 if there are none.

    It comes before the first ``/``. But if the text before that cannot be a host, it is part of a password, and then
    the ``@`` is the first one after it that a host name follows.
    """
    end = _end(_BEHIND_HOST, rest)
    at = rest.rfind("@", 0, end)
    host = rest[at + 1 : end]
    has_good_port = _has_good_port(host)  # not in the loop: a hostile address has a long host and many signs
    if _is_host(host) or (at < 0 and has_good_port):
        return at
    later = [sign for sign in _ats(rest) if sign >= end and (rest[sign - 1] != "/" or not has_good_port)]
    return next((sign for sign in later if _host_follows(rest, sign)), later[-1] if later else at)


def _ats(text: str) -> list[int]:
    return [at for at, character in enumerate(text) if character == "@"]


def _end(behind: re.Pattern[str], text: str, start: int = 0) -> int:
    match = behind.search(text, start)
    return match.start() if match else len(text)


def _host_follows(text: str, at: int) -> bool:
    end = _end(_BEHIND_NAME, text, at + 1)
    return text[end : end + 1] != "@" and _is_host(text[at + 1 : end])


def _has_good_port(host: str) -> bool:
    """Whether the text after the name's colon, if there is any, can be a port."""
    port = host.partition(":")[2]
    return host.startswith("[") or not port or port.isdigit()


def _is_host(host: str) -> bool:
    """Whether this is certainly a host name: a single word may also be a user or a part of a password."""
    return _has_good_port(host) and (
        "." in host or host.startswith("[") or host.partition(":")[0] == "localhost"
    )
