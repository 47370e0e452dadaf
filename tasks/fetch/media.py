"""The media type of a body: the declared type, or a type guessed from the first bytes if the declaration is no help."""

from functools import lru_cache
from typing import Final

from tasks.page import NotFetchedError

READABLE: Final = frozenset(
    {
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "text/markdown",
        "text/x-markdown",
        # Pages of XHTML are also served as XML; extraction refuses other XML.
        "text/xml",
        "application/xml",
    }
)
# Declared types that do not describe the content.
_VAGUE: Final = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/unknown"})

_SIGNATURES: Final = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x00\x00\x00\x18ftyp", "a video"),
    (b"\x7fELF", "a program"),
)
_SIGNED: Final = tuple(signature for signature, _ in _SIGNATURES)


@lru_cache(maxsize=256)
def parse_content_type(header: str | None) -> tuple[str, str | None]:
    """Split a ``Content-Type`` header into media type and charset, both lower case."""
    media_type, _, rest = (header or "").partition(";")
    charset = None
    for parameter in rest.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip(" \t\"'").lower() or None
            break
    return media_type.strip().lower(), charset


def check_declared(media_type: str) -> None:
    """Refuse a body that is declared to be neither a page nor a text, before it is read.

    Raises
    ------
    NotFetchedError
        ``unsupported_type``.
    """
    if media_type not in READABLE and media_type not in _VAGUE:
        raise NotFetchedError("unsupported_type", f"is {media_type[:80]}, not a page or a text")


def media_type_of(body: bytes, declared: str) -> str:
    """Find the media type of a body: the declared type, or a guess if the declaration does not describe the content.

    Raises
    ------
    NotFetchedError
        ``unsupported_type`` when the first bytes are those of an image, a PDF, an archive or other binary
        content.
    """
    if body.startswith(_SIGNED):
        name = next(name for signature, name in _SIGNATURES if body.startswith(signature))
        contradiction = f", though it is declared as {declared}" if declared in READABLE else ""
        raise NotFetchedError("unsupported_type", f"is {name}{contradiction}")
    if declared not in _VAGUE:
        return declared
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "text/plain"
    if b"\0" in body[:1024]:
        raise NotFetchedError("unsupported_type", "is binary content without a declared type")
    if start.startswith((b"<?xml", b"<rss", b"<feed", b"<urlset")) and b"<html" not in start:
        return "application/xml"
    return "text/html" if start.startswith(b"<") or b"<html" in start else "text/plain"
