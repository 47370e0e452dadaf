"""Bytes to characters: one wrong byte or one wrong header must not make a page unreadable."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from charset_normalizer import from_bytes

from tasks.local_files.mixed_encodings import REPAIRED

__all__ = ["Decoded", "decode", "undo_double_encoding"]

#: If at most this share of the non-ASCII sequences of a page is broken, the page is still read as UTF-8.
TOLERATED_SHARE = 0.05
#: Number of bytes in which ``<meta charset>`` is searched for. The standard says 1,024 bytes; many pages need more.
META_WINDOW = 8_192
#: Detection looks at this many bytes around the first ones that are not ASCII.
DETECTION_WINDOW = 32_768
#: With a smaller share of non-ASCII bytes, a text is English with some typography, and statistics cannot find more.
MOSTLY_ASCII = 0.03
# Encodings that are still found on the web. Without this list the detector also offers mainframe and printer encodings.
_CANDIDATES = [
    "cp1252",
    "cp1250",
    "cp1251",
    "koi8_r",
    "koi8_u",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp1258",
    "cp874",
    "iso8859_2",
    "gb18030",
    "big5",
    "shift_jis",
    "cp932",
    "euc_jp",
    "euc_kr",
    "cp949",
]

# Longest first, because the UTF-32 mark begins with the UTF-16 mark.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Labels that pages use for a superset of the encoding they name (WHATWG Encoding Standard, section 4.2).
_SUPERSETS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "tis-620": "cp874",
}

_LABEL = rb"([A-Za-z0-9_:.\-]{2,40})"
_META = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*"""
    + _LABEL
    + rb"""|<\?xml[^>]{0,200}?encoding\s*=\s*["']"""
    + _LABEL,
    re.IGNORECASE,
)

# UTF-8 that was read as cp1252: the first byte of a character, and the others. Bytes that cp1252 does not know are lost
# or became U+FFFD; among quotation marks and dashes this is only the last byte of the closing mark.
_OTHER = "[" + "".join(bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0)) + "]"
_TWICE_ENCODED = re.compile(
    f"[\u00c2-\u00df]{_OTHER}|[\u00e0-\u00ef]{_OTHER}{{2}}|[\u00f0-\u00f4]{_OTHER}{{3}}"
)
_TWICE_ENCODED_END = re.compile("\u00e2\u20ac\ufffd?")
_TWICE_ENCODED_MARK = re.compile("\u00e2\u20ac[\u2122\u02dc\u0153\u201c\u201d\u00a6]")
#: So many marks in a text are not there by chance, nor because the text is about them.
TWICE_ENCODED_MARKS = 3

_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters of a body, and how they were found.

    Attributes
    ----------
    text
        The characters, without byte order mark; control characters are still in it.
    encoding
        Python's name of the encoding that was used.
    how
        The rule that decided: ``bom``, ``utf-8``, ``utf-16 pattern``, ``utf-8 with errors``, ``declared``,
        ``detected`` or ``fallback``.
    replaced
        Share of the characters that could not be read, 0 to 1.
    """

    text: str
    encoding: str
    how: str
    replaced: float


def decode(body: bytes, declared: str | None = None) -> Decoded:
    """Decode a page or a text file whose encoding may be undeclared, or declared wrongly.

    The order is: byte order mark; strict UTF-8; the pattern of UTF-16 without a mark; UTF-8 with at most 5 % of its
    sequences broken; the encoding stated by the HTTP header or by the page's own ``<meta>``; detection; cp1252, which
    accepts any bytes. Valid UTF-8 comes before the header, because text in another encoding is almost never valid UTF-8
    by chance, whereas headers are often a server's default.

    Parameters
    ----------
    body
        The bytes of the body, after content decoding.
    declared
        The charset of the Content-Type header, if there was one.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], encoding, "bom")
    labels = [name for name in (_codec(declared), _codec(_meta_label(body))) if name]
    certain = _seven_bit(body, labels) or _wide_pattern(body) or _utf8(body, lenient="utf-8" in labels)
    return certain or _as_declared(body, labels) or _as_detected(body)


def undo_double_encoding(text: str) -> str:
    """Repair a text whose UTF-8 was read as cp1252 and encoded again before it came here.

    Only a text with at least three such apostrophes, quotation marks, dashes or ellipses is changed. Sequences that are
    no UTF-8 stay as they are.
    """
    if len(_TWICE_ENCODED_MARK.findall(text)) < TWICE_ENCODED_MARKS:
        return text
    return _TWICE_ENCODED_END.sub("\u201d", _TWICE_ENCODED.sub(_encoded_once, text))


def _encoded_once(match: re.Match[str]) -> str:
    try:
        return match[0].encode("cp1252").decode("utf-8")
    except UnicodeError:
        return match[0]


def _decoded(body: bytes, encoding: str, how: str) -> Decoded:
    text = body.decode(encoding, "replace")
    replaced = text.count("\ufffd") / len(text) if text else 0.0
    return Decoded(text, encoding, how, replaced)


def _codec(label: str | None) -> str | None:
    if not label:
        return None
    name = label.strip().strip("\"'").lower()
    name = _SUPERSETS.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Python also registers codecs that are no character sets (hex, zlib, rot13) or are not used on the web (utf-7).
    if not getattr(info, "_is_text_encoding", True) or info.name in {
        "utf-7",
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
        "undefined",
    }:
        return None
    # If the <meta> of a page could be read as ASCII, the page is not UTF-16, even if the <meta> says so.
    return "utf-8" if info.name.startswith(("utf-16", "utf-32")) else info.name


def _meta_label(body: bytes) -> str | None:
    meta = _META.search(body[:META_WINDOW])
    return (meta[1] or meta[2]).decode("ascii") if meta else None


def _seven_bit(body: bytes, labels: Sequence[str]) -> Decoded | None:
    """Read the encodings that use ASCII bytes only; such bytes are also valid UTF-8, so that check cannot find them."""
    label = next((name for name in labels if name.startswith(("iso2022", "hz"))), None)
    return _decoded(body, label, "declared") if label and (b"\x1b" in body or b"~{" in body) else None


def _wide_pattern(body: bytes) -> Decoded | None:
    """Read UTF-16 without a mark: with Latin letters every second byte is zero."""
    head = body[:1_024]
    if len(head) < 8:
        return None
    half = len(head) // 2
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if odd > 0.7 and even < 0.1:
        return _decoded(body, "utf-16-le", "utf-16 pattern")
    if even > 0.7 and odd < 0.1:
        return _decoded(body, "utf-16-be", "utf-16 pattern")
    return None


def _utf8(body: bytes, *, lenient: bool) -> Decoded | None:
    """Read UTF-8, complete or with few broken sequences; ``lenient`` if the page itself declares UTF-8."""
    try:
        return Decoded(body.decode("utf-8"), "utf-8", "utf-8", 0.0)
    except UnicodeDecodeError:
        pass
    text = body.decode("utf-8", REPAIRED)
    good = len(_NON_ASCII.findall(text))
    bad = body.decode("utf-8", "replace").count("\ufffd")
    share = bad / max(good, bad, 1)
    if share <= TOLERATED_SHARE or (lenient and bad < good - bad):
        return Decoded(text, "utf-8", "utf-8 with errors", text.count("\ufffd") / max(len(text), 1))
    return None


def _as_declared(body: bytes, labels: Sequence[str]) -> Decoded | None:
    attempts = (_decoded(body, label, "declared") for label in labels if label != "utf-8")
    return next((attempt for attempt in attempts if attempt.replaced <= TOLERATED_SHARE), None)


def _as_detected(body: bytes) -> Decoded:
    detected = _detect(body)
    return _decoded(body, detected, "detected") if detected else _decoded(body, "cp1252", "fallback")


def _detect(body: bytes) -> str | None:
    first = _HIGH_BYTE.search(body)
    if first is None:
        return None
    sample = body[max(0, first.start() - DETECTION_WINDOW // 2) : first.start() + DETECTION_WINDOW]
    if len(_HIGH_BYTE.findall(sample)) / len(sample) < MOSTLY_ASCII:
        return "cp1252"
    best = from_bytes(sample, threshold=0.3, cp_isolation=_CANDIDATES).best()
    return _codec(best.encoding) if best else None
