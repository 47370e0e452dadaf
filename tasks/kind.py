"""Opinion, news or unknown, and the words on the page that said so.

Where nothing says so the answer is "unknown": most outlets mark only some of their commentary, so a missing
mark is no sign of news.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from tasks.article import Kind

__all__ = ["kind_of", "strip_kind_label"]

_OPINION_WORD = (
    r"(?:opinions?|op-?eds?|op-?ed-?contributors?|editorials?|editorial-board|commentary|commentaries|commentisfree|columns?|columnists?|columna|viewpoints?"
    r"|perspectives?|letters(?:-to-the-editor)?|guest-(?:columns?|commentary|essays?|opinions?)|views|ideas|leaders|leading-article|voices|debate|contributors?"
    r"|opinion-.{1,40}|.{1,40}-opinions?|opeds|analysis-opinion|thought-leadership|point-of-view)"
)
_SEGMENT = re.compile(rf"^{_OPINION_WORD}$", re.IGNORECASE)
_SECTION = re.compile(
    r"^(?:opinions?|op-?eds?|editorials?|editorial board|comment|commentary|comment is free|columns?|columnists?|viewpoints?|points? of view|perspectives?|letters(?: to the editor)?"
    r"|guest (?:columns?|essays?|commentary|opinions?)|views|voices|ideas|leaders|debate|first opinion|think|opinion\s*[-/|:&].*|.*[-/|:&]\s*opinions?|contributors?|the big debate)$",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^\W*(opinions?|op-?ed|editorial|commentary|comment|column|guest (?:column|essay|opinion|commentary)|viewpoint|perspective|letters?(?: to the editor)?|the guardian view on|our view|my view|first person)\b"
    r"\s*[|:—–\-]\s*|^the guardian view\b|\s*[|—–\-]\s*(opinions?|op-?ed|editorial|commentary|column|viewpoint)\s*$",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"^(?:tone/)?(?:opinions?|op-?eds?|editorials?|commentary|comment|columns?|guest column|opinion piece|letters to the editor)$",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\b(?:views?|opinions?)\b[^.]{0,80}\b(?:author|writer|contributor|columnist|his|her|their own)\b|\b(?:author|writer|contributor|columnist)[’']?s?[’']?\s+(?:own\s+)?(?:personal\s+)?(?:views?|opinions?)\b"
    r"|\b(?:guest essay|op-?ed|opinion (?:piece|column|contributor|writer))\b",
    re.IGNORECASE,
)
_OPINION_TYPES = frozenset({"OpinionNewsArticle"})
_NEWS_TYPES = frozenset({"ReportageNewsArticle", "LiveBlogPosting", "BackgroundNewsArticle"})
_NEWS_SECTION = re.compile(
    r"^(?:(?:world|us|u\.s\.|national|local|breaking|latest|international|business|politics)\s+)?news$",
    re.IGNORECASE,
)
_NEWS_SEGMENT = re.compile(
    r"^(?:(?:breaking|world|us|uk|local|latest|national)-)?news$|^live(?:-?blog)?$", re.IGNORECASE
)
# WASHINGTON (Reuters) - ..., BEIJING, June 15 (Xinhua) -- ..., LONDON, Aug 2 (AP) —
_DATELINE = re.compile(
    r"^[A-Z][A-Z .,'’\-]{2,40}(?:,\s*[A-Z][a-z]+\.?)?(?:,?\s+[A-Z][a-z]{2,8}\.?\s+\d{1,2})?\s*\((?:Reuters|AP|AFP|Xinhua|UPI|ANI|PTI|TASS|Bernama|Yonhap|CNN|Bloomberg|IANS|dpa|EFE)\)\s*[-–—]"
)


def kind_of(
    *,
    url: str,
    title: str | None,
    text: str,
    section: str | None = None,
    tags: Sequence[str] = (),
    types: Sequence[str] = (),
    note: str | None = None,
    prior: Kind = "unknown",
) -> tuple[Kind, str | None]:
    """Tell commentary from news by what the page says of itself.

    Parameters
    ----------
    url, title, section, tags
        As the page has them, the title with its labels ("Opinion | ...").
    text
        The body; only a news agency's dateline at its start counts.
    types
        JSON-LD types of the article (schema.org: ``OpinionNewsArticle``, ``ReportageNewsArticle``).
    note
        The editor's note, which often says whose opinions these are.
    prior
        What the source carries throughout. The page's own words win over it, weak signs of news do not.

    Returns
    -------
    tuple
        The kind, and the signal that decided, in words; None where nothing did.
    """
    signal = _opinion_signal(url, title, section, tags, types, note)
    if signal:
        return "opinion", signal
    for name in types:
        if name in _NEWS_TYPES:
            return "news", f"json-ld type: {name}"
    if dateline := _DATELINE.match(text):
        return "news", f"agency dateline: {dateline[0].strip()}"
    if prior != "unknown":
        return prior, f"source: {prior} throughout"
    if section and _NEWS_SECTION.match(section.strip()):
        return "news", f"section: {section}"
    segment = next((part for part in _segments(url) if _NEWS_SEGMENT.match(part)), None)
    return ("news", f"url path: /{segment}/") if segment else ("unknown", None)


def strip_kind_label(title: str) -> str:
    """Remove "Opinion | " and its like from a headline."""
    match = _TITLE.search(title)
    if not match or not (match[1] or match[2]):
        return title
    rest = (title[: match.start()] + title[match.end() :]).strip()
    return rest if len(rest.split()) >= 2 else title


def _opinion_signal(
    url: str,
    title: str | None,
    section: str | None,
    tags: Sequence[str],
    types: Sequence[str],
    note: str | None,
) -> str | None:
    segment = next((part for part in _segments(url) if _SEGMENT.match(part)), None)
    if segment:
        return f"url path: /{segment}/"
    if section and _SECTION.match(section.strip()):
        return f"section: {section.strip()}"
    if title and (label := _TITLE.search(title)):
        return f"title: {label[0].strip(' |:-–—')}"
    for name in types:
        if name in _OPINION_TYPES:
            return f"json-ld type: {name}"
    for tag in tags:
        if _TAG.match(tag.strip()):
            return f"tag: {tag.strip()}"
    if note and (words := _NOTE.search(note)):
        return f"note: {' '.join(words[0].split())[:80]}"
    return None


def _segments(url: str) -> list[str]:
    parts = urlsplit(url)
    if parts.scheme == "file":
        # Folders on somebody's disk say nothing about a piece.
        return []
    folders = [part for part in parts.path.split("/") if part][:-1]
    host = (parts.hostname or "").split(".")
    return [*folders, *(host[:1] if len(host) > 2 else [])]
