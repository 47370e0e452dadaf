"""HTML in texts that are declared to be plain, as database exports and the text columns of tables have it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import islice
from typing import Final

from tasks.extract.paragraphs.paragraph_kinds import is_boilerplate
from tasks.extract.plain_text.plaintext import is_headline
from tasks.extract.plain_text.unwrapped import unwrapped

__all__ = ["HTML_TYPES", "as_page", "without_inline_marks"]

HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
#: One tag or reference may be what the text is about; several were left in it by a program.
_SEVERAL = 2

# Tags that divide a text are at the beginning or the end of a line, after other tags, or (line breaks) after a
# sentence. Tags in a sentence are what the sentence is about.
_PARAGRAPH = r"(?:p|div)(?:\s[^<>]{0,500})?>"
_PARAGRAPH_TAG = re.compile(
    rf"^[ \t]*</?{_PARAGRAPH}|</?{_PARAGRAPH}(?=[ \t]*$)|(?<=>)</?{_PARAGRAPH}", re.IGNORECASE | re.MULTILINE
)
_LINE_BREAK = r"<br\s{0,9}/?>"
_LINE_BREAK_TAG = re.compile(
    rf"^[ \t]*{_LINE_BREAK}|{_LINE_BREAK}(?=[ \t]*(?:$|<br\b))"
    rf"|(?:(?<=[.!?…:;”’»)>])|(?<=[.!?]\")|(?<=[.!?] )){_LINE_BREAK}(?=\S)",
    re.IGNORECASE | re.MULTILINE,
)
_END_TAG = re.compile(r"</(?:p|div)\s*>", re.IGNORECASE)
_FIRST_IN_LINE = re.compile(rf"^[ \t]*<{_PARAGRAPH}", re.IGNORECASE | re.MULTILINE)
_LINE = re.compile(r"^[ \t]*\S", re.MULTILINE)
_ANY_TAG = re.compile(r"<[!/]?[A-Za-z-]")
# Their ends are often left out.
_OPEN_ENDED = frozenset({"p", "li", "dd", "dt", "tr", "td", "th", "tbody", "thead"})
_BLOCK_NAME = (
    r"(?:p|div|h[1-6]|ul|ol|li|dl|dd|dt|blockquote|figure|figcaption|table|tbody|thead|tr|td|th|pre|section|article"
    r"|aside|header|footer|main|nav|script|style)\b"
)
_BLOCK = re.compile(rf"<(/?)({_BLOCK_NAME})[^<>]{{0,500}}>", re.IGNORECASE)
_DIV_OF_WORDS = re.compile(
    rf"<div((?:\s[^<>]{{0,500}})?>(?:[^<]|<(?!/?{_BLOCK_NAME}))*</)div\s*>", re.IGNORECASE
)
_TAG = re.compile(r"<[!/]?[A-Za-z][^<>]{0,500}>")
_COMMENT = re.compile(r"<!--(?:[^<]|<(?!!--))*?-->")
_INLINE = r"(?:a|abbr|b|cite|code|em|i|mark|q|s|small|span|strong|sub|sup|u)"
_INLINE_TAG = re.compile(rf"<{_INLINE}(?:\s[^<>]{{0,500}})?>|</{_INLINE}\s*>", re.IGNORECASE)
_INLINE_END = re.compile(rf"</{_INLINE}\s*>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#[xX][0-9A-Fa-f]{2,5});")
_WHOLE_PAGE = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
_BLANK = re.compile(r"\n[ \t]*\n+")


def as_page(text: str, *, is_titled: bool = False) -> str | None:
    """Make a page of a text whose paragraphs are marked by tags; None if they are not.

    Text outside of the tags gets tags too: a headline above them, unless the title is known from elsewhere
    (``is_titled``), and the paragraphs of a plain text. The tags may be escaped (``&lt;p&gt;``) if the text begins with
    one.
    """
    if not _ANY_TAG.match(text.lstrip()) and _ANY_TAG.match(resolved := unescape(text).lstrip()):
        text = resolved
    text = text.replace("\r\n", "\n")
    if not _is_several(_LINE_BREAK_TAG, text) and not _has_paragraphs(text):
        return None
    if _ANY_TAG.match(text.lstrip()) and _WHOLE_PAGE.search(text):
        return text
    blocks = "\n\n".join(_marked(_COMMENT.sub("", text).strip(), is_titled=is_titled))
    # Extractors leave out the lists of an article that is not in a whole page.
    return f"<html><head></head><body><article>{blocks}</article></body></html>"


def _has_paragraphs(text: str) -> bool:
    """Say whether tags of paragraphs divide the text, and are not examples in a text about them."""
    if not _is_several(_PARAGRAPH_TAG, text):
        return False
    if _ANY_TAG.match(text.lstrip()) or _END_TAG.search(text):
        return True
    return 2 * len(_FIRST_IN_LINE.findall(text)) > len(_LINE.findall(text))


def _marked(text: str, *, is_titled: bool) -> Iterator[str]:
    """Give the parts of a text with tags, each as HTML."""
    # Beside paragraphs, extractors leave out the words in other elements.
    text = _DIV_OF_WORDS.sub(r"<p\1p>", text)
    headline_may_follow = not is_titled and "<h1" not in text.lower()
    for start, end, inside in _parts(text):
        if inside:
            headline_may_follow = False
            pieces = (piece for piece in _BLANK.split(text[start:end]) if piece.strip())
            yield from (piece if _BLOCK.search(piece) else f"<p>{piece}</p>" for piece in pieces)
            continue
        paragraphs = unwrapped(text[start:end])
        headline = _headline(paragraphs, text[end:]) if headline_may_follow else None
        headline_may_follow = headline_may_follow and not paragraphs
        for number, paragraph in enumerate(paragraphs):
            yield f"<h1>{paragraph}</h1>" if number == headline else f"<p>{paragraph}</p>"


def _headline(paragraphs: Sequence[str], below: str) -> int | None:
    """Give the number of the paragraph that is a headline, by the rule for plain texts."""
    plain = [_TAG.sub(" ", paragraph).strip() for paragraph in paragraphs]
    first = next((number for number, line in enumerate(plain) if not is_boilerplate(line)), 0)
    return first if is_headline([*plain[first:], *_TAG.sub("\n", below).split("\n")]) else None


def _parts(text: str) -> Iterator[tuple[int, int, bool]]:
    """Divide a text into stretches inside of elements, with their tags, and stretches outside of all.

    Each is given by its offsets and whether it is inside.
    """
    begin = depth = 0
    is_open = False
    for tag in _BLOCK.finditer(text):
        was_outside = not depth and not is_open
        if was_outside and begin < tag.start():
            yield begin, tag.start(), False
            begin = tag.start()
        if tag[2].lower() in _OPEN_ENDED:
            is_open = not tag[1]
        else:
            is_open = False
            depth = max(0, depth - 1) if tag[1] else depth + 1
        if not depth and not is_open:
            yield begin, tag.end(), True
            begin = tag.end()
    if begin < len(text):
        yield begin, len(text), bool(depth or is_open)


def without_inline_marks(text: str) -> str:
    """Remove tags such as ``<em>`` and resolve references such as ``&ldquo;``, each only if the text has several."""
    if _is_several(_INLINE_END, text):
        text = _INLINE_TAG.sub("", text)
    return unescape(text) if _is_several(_REFERENCE, text) else text


def _is_several(pattern: re.Pattern[str], text: str) -> bool:
    return len(list(islice(pattern.finditer(text), _SEVERAL))) == _SEVERAL
