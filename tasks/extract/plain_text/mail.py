"""The text of an e-mail that was saved as a plain text: the lines of its head, and its body."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header

from commentariat import InputError
from tasks.text.dates import parse_time

__all__ = ["read_mail"]

#: Each server on the way of a mail adds some lines to its head.
_LONGEST_HEAD = 20_000
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60}):(?:[ \t]+(.*))?$")
#: One of each group; heads that people write themselves have some of these too, but not all of them.
_NEEDED = ({"from"}, {"subject"}, {"date", "sent"}, {"to", "cc", "bcc", "message-id", "reply-to"})
_ADDRESS = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,255}")
_ANSWERED = re.compile(r"(?:(?:Re|Fwd?|AW|WG)[ \t]*:[ \t]*)+", re.IGNORECASE)
_CODED = frozenset({"quoted-printable", "base64"})


def read_mail(text: str) -> tuple[dict[str, str], str] | None:
    """Separate the head of a mail from its body; None if the text is no mail.

    A text is one only if its first lines are headers up to a blank line, among them a sender, a subject, a date that
    can be read and a recipient or an id, and one of them holds an e-mail address. Who sent it is left out: it may be an
    editor or a list.

    Returns
    -------
    tuple
        The fields ``title`` and ``date``, and the body.

    Raises
    ------
    InputError
        When the body is coded or has several parts, as mail programs send it.
    """
    head, blank, body = text.partition("\n\n")
    if not blank or not body.strip() or (headers := _headers(head)) is None:
        return None
    date = headers.get("date") or headers.get("sent") or ""
    if not all(names & headers.keys() for names in _NEEDED) or parse_time(date) is None:
        return None
    if not any(map(_ADDRESS.search, headers.values())):
        return None
    kind, coding = (headers.get(name, "").lower() for name in ("content-type", "content-transfer-encoding"))
    if kind.startswith("multipart/") or coding in _CODED:
        raise InputError(
            "it is a mail as mail programs send it, and not its text: save the text of the mail as .txt"
        )
    fields = {"title": _ANSWERED.sub("", _decoded(headers["subject"]), count=1).strip(), "date": date}
    return {name: value for name, value in fields.items() if value}, body


def _headers(head: str) -> dict[str, str] | None:
    """Read the lines of a head, which may go on in indented lines; None if one of them is no header."""
    if len(head) > _LONGEST_HEAD:
        return None
    headers: dict[str, str] = {}
    name = ""
    for line in head.split("\n"):
        if name and line.startswith((" ", "\t")):
            headers[name] = f"{headers[name]} {line.strip()}"
        elif header := _HEADER.match(line):
            name = header[1].lower()
            headers[name] = (header[2] or "").strip()
        else:
            return None
    return headers


def _decoded(value: str) -> str:
    """Decode the words of a header that are not in ASCII ("=?utf-8?q?...?=")."""
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):  # an unknown charset, or bytes that it does not have
        return value
