"""Web archives (WARC, ISO 28500; CC-NEWS style): list the pages, read one page, and detect early ends."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from tasks.fetch.media import READABLE, parse_content_type
from tasks.fetch.unpack import Unpacker, can_unpack, packing_in
from tasks.page import NotFetchedError
from tasks.text.dates import in_utc

_BLOCK: Final = 1 << 20
_READ_AT_A_TIME: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A response in an archive; :func:`read_record` finds it again by ``offset``."""

    offset: int
    url: str | None
    http_status: int | None
    media_type: str
    archived_at: datetime | None
    cut: str | None = None  # the reason why only a part was archived, if the record states it


@dataclass(frozen=True, slots=True)
class ArchivedContent:
    """The content of one archived response, unpacked."""

    body: bytes
    media_type: str
    charset: str | None
    http_status: int | None
    fetched_at: datetime | None


def list_records(path: Path) -> Iterator[ArchivedPage]:
    """List the responses in an archive, in their order.

    Raises
    ------
    NotFetchedError
        When the file is not a WARC file. After the last complete record: when the file ends in the middle of the next
        record (libraries that read WARC report no error there), or when the bytes that follow are neither a record nor
        filling.
    """
    offset, length, whole, complete, damaged = 0, 0, 0, True, False
    with path.open("rb") as file:
        try:
            for record in ArchiveIterator(file, parse_http=False):
                offset, length, complete = record.stream_pos, record.content_length, False
                page = _listed(record) if record.record_type == WarcRecordType.response else None
                complete = _is_complete(record)
                if not complete:
                    break
                whole += 1
                if page is not None:
                    yield page
        except OSError as error:
            if error.errno is not None:
                raise  # an error of the disk
            damaged = True  # FastWARC raises this for bytes that are no record; they may only be filling
    if not whole and complete:
        raise NotFetchedError("unsupported_type", f"{path}: not a WARC file, or none of it is readable")
    if not complete or _goes_on(path, offset, length, elsewhere=damaged):
        fault = "is damaged" if damaged else "breaks off"
        reason = f"{path}: the archive {fault} after {whole} whole records; their pages are taken"
        raise NotFetchedError("fetch_failed", reason)


def read_record(path: Path, offset: int, max_bytes: int) -> ArchivedContent:
    """Read the response at an offset given by :func:`list_records`.

    Raises
    ------
    NotFetchedError
        When there is no readable response at the offset, or it is larger than the limit.
    """
    try:
        return _read_record(path, offset, max_bytes)
    except OSError as error:
        if error.errno is not None:
            raise  # an error of the disk
        # FastWARC quotes the record in its message, and the text of a page does not belong into a reason.
        raise NotFetchedError(
            "fetch_failed", f"{path}: the archived page at byte {offset} is damaged"
        ) from error


def _read_record(path: Path, offset: int, max_bytes: int) -> ArchivedContent:
    with path.open("rb") as file:
        file.seek(offset)
        record = next(iter(ArchiveIterator(file, parse_http=True, auto_decode="transfer")), None)
        if record is None or record.http_headers is None:
            raise NotFetchedError("fetch_failed", f"{path}: no archived page at byte {offset}")
        packing = packing_in(record.http_headers.get("Content-Encoding"))
        # Under a name that is not known, the body may be packed or not: its first bytes show whether it is a page.
        body = (
            _unpacked(record, packing, max_bytes)
            if can_unpack(packing)
            else record.reader.read(max_bytes + 1)
        )
        if len(body) > max_bytes:
            raise NotFetchedError("too_large", f"is more than {max_bytes:,} bytes")
        media_type, charset = parse_content_type(record.http_headers.get("Content-Type"))
        return ArchivedContent(body, media_type, charset, record.http_headers.status_code, _date(record))


def _unpacked(record: WarcRecord, packing: str, max_bytes: int) -> bytes:
    """Unpack the content of a record, up to the first byte beyond the limit."""
    unpacker = Unpacker(packing)
    content = bytearray()
    while block := record.reader.read(_READ_AT_A_TIME):
        for piece in unpacker.pieces(block):
            content += piece
            if len(content) > max_bytes:
                return bytes(content)
    unpacker.check_whole()
    return bytes(content)


def why_not_taken(page: ArchivedPage) -> str | None:
    """Say why an archived response is not taken in, or None."""
    if page.cut:
        return f"archived only in part ({page.cut[:40]}): half a page is no page"
    if page.http_status != 200:
        return f"archived with HTTP status {page.http_status}"
    if page.media_type and page.media_type not in READABLE:
        return f"is {page.media_type[:80]}, not a page or a text"
    return None


def _listed(record: WarcRecord) -> ArchivedPage:
    record.parse_http()
    headers = record.http_headers
    media_type, _ = parse_content_type(headers.get("Content-Type") if headers else None)
    url = record.headers.get("WARC-Target-URI")
    return ArchivedPage(
        offset=record.stream_pos,
        url=url.strip("<>") if url else None,
        http_status=headers.status_code if headers else None,
        media_type=media_type,
        archived_at=_date(record),
        cut=record.headers.get("WARC-Truncated"),
    )


def _is_complete(record: WarcRecord) -> bool:
    """Read the record to its end and compare its length with the declared length."""
    while record.reader.read(_BLOCK):
        pass
    return "Content-Length" in record.headers.to_dict() and record.reader.tell() >= record.content_length


def _goes_on(path: Path, offset: int, length: int, *, elsewhere: bool) -> bool:
    """Say whether anything but filling follows the record at an offset, which would be a record not written to its end.

    ``length`` is that of its content, as the library understood it: the header may be there twice, or have thousands of
    digits. ``elsewhere`` is the answer for zstd and lz4, where only the length of the last record can show it.
    """
    with path.open("rb") as file:
        file.seek(offset)
        start = file.read(_BLOCK)
        if start.startswith(b"\x1f\x8b"):
            unpacker = zlib.decompressobj(wbits=31)
            try:
                while start and not unpacker.eof:
                    unpacker.decompress(start, _BLOCK)
                    if not unpacker.eof:
                        start = unpacker.unconsumed_tail or file.read(_BLOCK)
            except zlib.error:
                return True
            if not unpacker.eof:
                return True
            rest = unpacker.unused_data
        elif start.startswith(b"WARC/"):
            if (head := start.find(b"\r\n\r\n")) < 0:
                return True
            file.seek(offset + head + 4 + length)
            rest = b""
        else:
            return elsewhere
        while not (rest := rest.strip(b"\r\n\0")) and (more := file.read(_BLOCK)):
            rest = more
    return bool(rest)


def _date(record: WarcRecord) -> datetime | None:
    try:
        when = record.record_date
        return in_utc(when) if when else None
    except (ValueError, OverflowError):  # the first or the last day that there is, in another zone than UTC
        return None
