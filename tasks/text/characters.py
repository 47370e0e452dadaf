"""Characters that are not text, removed from every text and hint that is stored."""

from __future__ import annotations

import re

__all__ = ["clean_characters", "cleaned", "cleaned_name", "json_without_halves"]

# C1 controls are cp1252 characters that were decoded as Latin-1; the other controls have no meaning in prose.
_C1 = {
    code: bytes([code]).decode("cp1252") if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else None
    for code in range(0x80, 0xA0)
}
_CONTROLS: dict[int, str | None] = {
    **dict.fromkeys(code for code in range(0x20) if chr(code) not in "\t\n\r"),
    0x7F: None,
    **_C1,
    # zero-width and direction marks, soft hyphen, byte order marks, noncharacters
    **dict.fromkeys((0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF)),
    **dict.fromkeys(range(0x202A, 0x202F)),
    **dict.fromkeys(range(0x2066, 0x206A)),
    0x0B: "\n",
    0x0C: "\n",
    0x2028: "\n",
    0x2029: "\n",
}
# The characters that clean_characters searches for; most texts contain none of them.
_INVISIBLE = "\xad\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff"
_UNCLEAN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_INVISIBLE}\ud800-\udfff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
# An escape in JSON: a surrogate pair, half of one, or another one. An escaped backslash is one too, so that the letters
# after it are not taken for an escape.
_JSON_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def clean_characters(text: str) -> str:
    r"""Remove characters that are not text: NUL and other controls, invisible marks, lone surrogates.

    C1 controls become the cp1252 characters that were meant, line and paragraph separators become newlines, ``\r\n``
    becomes ``\n``. The result can always be encoded as UTF-8.
    """
    if not _UNCLEAN.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
    return _SURROGATES.sub("\ufffd", text)


def cleaned(text: str | None) -> str | None:
    """Clean the characters of a text that may be missing; None if nothing remains."""
    return clean_characters(text) or None if text else None


def cleaned_name(text: str | None) -> str | None:
    """Clean a name that may be missing, and write it on one line with single spaces; None if nothing remains.

    Names are counted by their letters: with a space at its end, a name would be another one that looks the same.
    """
    return " ".join(clean_characters(text).split()) or None if text else None


def json_without_halves(text: str) -> str:
    r"""Replace each escape of half a surrogate pair in JSON (``\ud83d`` without its other half) by that of U+FFFD.

    Programs that cut texts in the middle of an emoji write such escapes. No table can hold what they stand for, and
    strict parsers refuse the whole file because of one. Every other part of the JSON is unchanged.
    """
    return _JSON_ESCAPE.sub(lambda escape: r"\ufffd" if escape["half"] else escape[0], text)
