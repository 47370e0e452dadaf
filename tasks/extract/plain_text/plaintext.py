"""Texts without a page: plain text, Markdown, and the text columns of tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape

from models.wrapping import LINE_ENDS_SENTENCE, LIST_ITEM
from tasks.addresses.written import begins_as_address
from tasks.extract.metadata.authors import byline_names, clean_names
from tasks.extract.paragraphs.paragraph_kinds import is_boilerplate, is_caption, is_note
from tasks.extract.paragraphs.quotations import is_of_others, quoted, word_runs
from tasks.extract.plain_text.head import front_matter, plain_lines
from tasks.extract.plain_text.mail import read_mail
from tasks.extract.plain_text.nexis import read_nexis
from tasks.extract.plain_text.unwrapped import unwrapped
from tasks.text.dates import parse_time
from tasks.text.prose import normalise_text, words_of

__all__ = ["PlainText", "is_headline", "read_markdown", "read_plain"]

MAX_TITLE_WORDS = 25
MAX_FIELDS = 10

_HEADER = re.compile(
    r"^(title|headline|author|authors|by|date|published|url|source|outlet|section)[ \t]*:[ \t]+(\S.*)$",
    re.IGNORECASE | re.MULTILINE,
)

_ENTRY = re.compile(r"\s*(?:\"(?P<marked>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^,\[\]]+))")

# For every mark of Markdown, the search stops at the next mark of its kind. Thus marks that are opened again and again
# and never closed cost no more time than any other text.
_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.DOTALL | re.MULTILINE)
_ADDRESS = r"\((?:[^()\n]|\([^()\n]*\))*\)"
_IMAGE = re.compile(rf"!\[[^\[\]\n]*\]{_ADDRESS}")
_LINK = re.compile(rf"\[([^\[\]\n]+)\](?:{_ADDRESS}|\[[^\[\]\n]*\])")
_REFERENCE = re.compile(r"^[ \t]*\[[^\]\n]+\]:[ \t]+\S+.*$", re.MULTILINE)
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(.+)$", re.MULTILINE)
_SETEXT = re.compile(r"^([^\n]+)\n(=+|-{3,})[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE)
_QUOTE_LINE = r"[ \t]{0,3}>[^\n]*"
_BLOCK_QUOTE = re.compile(rf"^{_QUOTE_LINE}(?:\n{_QUOTE_LINE})*", re.MULTILINE)
_QUOTE_MARK = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.MULTILINE)
_NUMBERED = re.compile(r"^[ \t]{0,3}\d{1,3}[.)][ \t]+", re.MULTILINE)
_WORDS = r"[^*\n]+"
_SNAKE = r"(?:[^_\n]|(?<=[^\W_])_(?=[^\W_]))+?"  # with the underscores inside of words
_EMPHASIS = re.compile(
    rf"\*\*\*(?=\S)({_WORDS})(?<=\S)\*\*\*(?!\w)"
    r"|\*\*(?=\S)((?:[^*\n]|\*(?!\*))+?)(?<=\S)\*\*(?!\w)"
    rf"|\*(?=\S)({_WORDS})(?<=\S)\*(?!\w)"
    rf"|___(?=\S)({_SNAKE})(?<=\S)___(?!\w)|__(?=\S)({_SNAKE})(?<=\S)__(?!\w)|(?<!\w)_(?=\S)({_SNAKE})(?<=\S)_(?!\w)"
)
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,300}>|<!--(?:[^<]|<(?!!--))*?-->")


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text and the fields at its head.

    Attributes
    ----------
    text
        Paragraphs separated by one newline, without the title and the fields.
    title
        The first line, if it looks like a headline or if a byline or date follows it; otherwise None.
    fields
        Lower-case fields of a front matter or of ``Title: ...`` lines.
    """

    text: str
    title: str | None = None
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def authors(self) -> tuple[str, ...]:
        """Names in the fields ``author``, ``authors`` or ``by``."""
        value = next((self.fields[name] for name in ("author", "authors", "by") if self.fields.get(name)), "")
        return clean_names(_entries(value))

    @property
    def outlet(self) -> str | None:
        """The publication in the fields ``outlet`` or ``source``; many programs write an address under the second."""
        source = self.fields.get("source", "")
        return self.fields.get("outlet") or (None if begins_as_address(source) else source) or None


def _entries(value: str) -> list[str]:
    """Divide a field at its semicolons, or the list of a front matter ("[...]") at the commas between its entries."""
    if value.startswith("["):
        entries = [entry["marked"] or entry["single"] or entry["bare"] for entry in _ENTRY.finditer(value)]
    else:
        entries = value.split(";")
    return [entry.strip(" \"'") for entry in entries if entry]


def read_plain(text: str, *, is_titled: bool = False) -> PlainText:
    """Read a plain text: join hard-wrapped lines, and separate fields and a headline from its head.

    If its title is known from elsewhere (``is_titled``), its first line is the author's, however short it is.

    Raises
    ------
    InputError
        When its front matter is not valid, or it is a mail whose body is coded.
    """
    text = text.replace("\r\n", "\n").lstrip()
    if mail := read_mail(text):
        headers, body = mail
        read = _without_mail_head(body.lstrip(), is_titled=True)  # a greeting is no headline
        return PlainText(read.text, read.title or headers.get("title"), {**headers, **read.fields})
    return _without_mail_head(text, is_titled=is_titled)


def _without_mail_head(text: str, *, is_titled: bool) -> PlainText:
    fields, text = front_matter(text)
    text = text.lstrip()
    if not fields and (document := read_nexis(text)):
        fields, text = document
    while (match := _HEADER.match(text)) and len(fields) < MAX_FIELDS:
        fields[match[1].lower()] = match[2].strip()
        text = text[match.end() :].lstrip()
    if not fields:
        fields, text = plain_lines(text)
    lines = unwrapped(text)
    title = fields.get("title") or fields.get("headline")
    # A label such as "Opinion" above the headline is left for the rules on the text around an article.
    first = next((number for number, line in enumerate(lines) if not is_boilerplate(line)), 0)
    if title is None and not is_titled and is_headline(lines[first:]):
        title = lines.pop(first)
    return PlainText("\n".join(lines), title, fields)


def read_markdown(text: str) -> PlainText:
    """Read a Markdown text: front matter, first heading, and the words without Markdown's marks."""
    fields, text = front_matter(text.replace("\r\n", "\n"))
    text = _SETEXT.sub(r"# \1", _FENCE.sub("", text))
    headings = _HEADING.findall(text)
    first_line = text.strip().split("\n", 1)[0]
    plain = _without_marks(text)
    title = fields.get("title") or None
    if headings and _HEADING.match(first_line):
        heading = _inline(_without_end(headings[0]))
        title = title or heading
        plain = plain.split("\n", 1)[1] if "\n" in plain else ""
    if title is None:
        read = read_plain(plain)
    else:
        under, rest = plain_lines(f"{title}\n{plain.lstrip()}")
        read = PlainText(normalise_text("\n".join(unwrapped(rest if under else plain))), title, under)
    return PlainText(read.text, read.title, {**read.fields, **fields})


def _without_end(heading: str) -> str:
    """Remove the marks that may also follow a heading."""
    return heading.rstrip("#").rstrip(" \t")


def _without_marks(text: str) -> str:
    text = _REFERENCE.sub("", _IMAGE.sub("", _TAG.sub("", text)))
    text = _HEADING.sub(lambda match: f"\n{_without_end(match[1])}\n", _RULE.sub("", text))
    text = _NUMBERED.sub("\n", _with_quotation_marks(text))
    text = re.sub(r"^[ \t]{0,3}[-*+][ \t]+", "\n", text, flags=re.MULTILINE)
    return unescape(_inline(text)).strip("\n")


def _inline(text: str) -> str:
    text = _LINK.sub(r"\1", text)
    for _ in range(3):
        text = _EMPHASIS.sub(lambda match: match[match.lastindex or 0], text)
    return re.sub(r"\\([\\`*_{}\[\]()#+.!>-])", r"\1", text.replace("`", "")).strip()


def _with_quotation_marks(text: str) -> str:
    """Put the paragraphs of block quotes between quotation marks, so that they count as somebody else's words.

    If less than half of the words are outside of block quotes, the author cannot be told from the quoted, and only the
    marks of Markdown are removed.
    """
    if not _BLOCK_QUOTE.search(text):
        return text
    outside = words_of(_BLOCK_QUOTE.sub("\n", text))
    own = frozenset(word_runs(outside)) if 2 * len(outside) >= len(words_of(text)) else None

    def marked(block: re.Match[str]) -> str:
        paragraphs = _paragraphs_of_quote(block.group())
        if own is not None:
            paragraphs = [
                quoted(paragraph) if is_of_others(_inline(paragraph), own) else paragraph
                for paragraph in paragraphs
            ]
        return "\n" + "\n\n".join(paragraphs) + "\n"

    return _BLOCK_QUOTE.sub(marked, text)


def _paragraphs_of_quote(block: str) -> list[str]:
    paragraphs: list[list[str]] = [[]]
    for line in _QUOTE_MARK.sub("", block).split("\n"):
        content = LIST_ITEM.sub("", line)
        if content != line or not content.strip():
            paragraphs.append([])
        if content.strip():
            paragraphs[-1].append(content.strip())
    return [" ".join(lines) for lines in paragraphs if lines]


def is_headline(lines: Sequence[str]) -> bool:
    """Say whether the first of several paragraphs is a headline: short, no sentence, no byline, and prose is below."""
    if len(lines) < 2:
        return False
    first, rest = lines[0], lines[1:]
    words = first.split()
    return (
        2 <= len(words) <= MAX_TITLE_WORDS
        and (not LINE_ENDS_SENTENCE.search(first) or first.endswith(("?", "!")))
        and max(len(line.split()) for line in rest) > 2 * len(words)
        and not is_caption(first)
        and not is_note(first)
        and not is_boilerplate(first)
        and not byline_names(first)
        and parse_time(first) is None
    )
