"""Opinion, news or unknown, and the words on the page that show it.

If nothing on the page states the kind, the answer is "unknown". Most outlets mark only some of their commentary, so a
missing mark does not mean news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from urllib.parse import urlsplit

from tasks.article import Kind
from tasks.extract.patterns import any_of

__all__ = [
    "is_labelled",
    "kind_of",
    "names_a_section",
    "names_commentary",
    "names_departments",
    "strip_kind_label",
]

# What outlets write around "opinion" in the name of a folder; other words make no section of commentary certain.
_OF_AN_OUTLET = (
    r"(?:opinions?|the|us|uk|eu|au|ca|world|global|international|national|local|regional|our|your|my|guest|readers?"
    r"|community|student|staff|expert|editorial|daily|sunday|weekend|today|news|politics|business|sports?|tech"
    r"|letters|columns?|columnists?|commentary|comment|analysis|blogs?|essays?|editorials?|ideas|debate|views?|voices"
    r"|perspectives?|pieces?|articles?|page|pages|section|contributors?|writers?|and|n|op|ed)"
)
_SEGMENT = any_of(
    rf"(?:{_OF_AN_OUTLET}-){{0,3}}opinions?(?:-{_OF_AN_OUTLET}){{0,3}}",
    r"op-?eds?(?:-contributors?)?",
    r"editorials?|editorial-board|leaders|leading-article",
    r"commentary|commentaries|commentisfree",
    r"columns?|columnists?",
    r"viewpoints?|point-of-view",
    r"letters(?:-to-(?:the-)?editor)?",
    r"guest-(?:columns?|commentary|essays?|opinions?)",
    r"essays?|contributors?|thought-leadership",
    before="^",
    after="$",
)
# Folders that hold other things too: a debate of candidates, views of a city, a reader's comment below a page. They
# count if nothing says that it is news.
_WEAK_SEGMENT = any_of(r"perspectives?|views|voices|ideas|debate|comment", before="^", after="$")
# An outlet may put its name or a subject beside "opinion", but these words speak of polls, courts and physicians.
_OPINION_AND_MORE = re.compile(
    r"^(?!.*(?:public|mass|popular|court|courts|supreme|legal|judicial|advisory|slip|majority|dissenting|medical|second)"
    r"-opinion)(?!.*opinions?-(?:polls?|polling|surveys?|research|leaders?))(?:.{1,40}-)?opinions?(?:-.{1,40})?$",
    re.IGNORECASE,
)
_SECTION = any_of(
    r"opinions?|op-?eds?|editorials?|editorial board",
    r"comment|commentary|comment is free",
    r"columns?|columnists?|contributors?",
    r"viewpoints?|points? of view|leaders|the big debate|think",
    r"letters(?: to the editor)?",
    r"guest (?:columns?|essays?|commentary|opinions?)|first opinion",
    r"opinion\s*[-/|:&].*",
    r".*[-/|:&]\s*opinions?",
    before="^",
    after="$",
)
# Names of sections that are also subjects: beside other categories, "Leaders" may be people.
_ALONE_SECTION = any_of(r"leaders|think|contributors?", before="^", after="$")
_WEAK_SECTION = any_of(r"perspectives?|views|voices|ideas|debate", before="^", after="$")
_LABEL = (
    r"(?:opinions?|op-?eds?|editorials?|commentary|comment|columns?|guest (?:column|essay|opinion|commentary)|viewpoint"
    r"|perspective|letters?(?: to the editor)?|the guardian view on|our view|my view)"
)
# A label before or after the headline: "Opinion | ...", "... - Editorial".
_TITLE = any_of(
    rf"^\W*{_LABEL}\s*(?:[|:]|\s[—–\-])\s*",
    rf"(?<!\s)\s+[|»—–\-]\s+{_LABEL}\s*$",
)
# Whole headlines that state their kind, from which nothing can be removed.
_SPEAKING_TITLE = any_of(r"^the guardian view\b", r"^the \w+ view\s*:")
_TAG = any_of(
    r"(?:tone/)?(?:opinions?|op-?eds?|editorials?|commentary|comment|columns?|guest column|opinion piece)",
    r"letters to the editor",
    before="^",
    after="$",
)
# Departments of a paper that are hardly the subjects of one article.
_DEPARTMENT = any_of(
    r"(?:(?:local|breaking|latest|world|national) )?news|headlines|business|sports?|obituar(?:y|ies)|obits|weather",
    r"classifieds?|announcements|jobs|autos?|homes|real estate|entertainment|life ?styles?|features|community|events",
    r"calendar|photos|videos?|e-?edition|subscribe|advertis(?:e|ing)",
    before="^",
    after="$",
)
_NOTE = any_of(
    r"\b(?:views?|opinions?)\b[^.]{0,80}\b(?:author|writer|contributor|columnist|his|her|their own)\b",
    r"\b(?:author|writer|contributor|columnist)[’']?s?[’']?\s+(?:own\s+)?(?:personal\s+)?(?:views?|opinions?)\b",
    r"\b(?:guest essay|op-?ed|opinion (?:piece|column|contributor|writer))\b",
)
# schema.org, "NewsArticle": its more specific types.
_OPINION_TYPES = frozenset({"OpinionNewsArticle"})
_NEWS_TYPES = frozenset({"ReportageNewsArticle", "BackgroundNewsArticle"})
# Entries of many hours and often of many people: no single piece, whatever folder it is in.
_LIVE_BLOG = "LiveBlogPosting"
_NEWS_SECTION = any_of(
    r"(?:(?:world|us|u\.s\.|national|local|breaking|latest|international|business|politics|political) )?news",
    before="^",
    after="$",
)
# Subject areas do not show the kind by themselves; together with /news/ in the address they do.
_BEAT = any_of(
    r"world|us|u\.s\.|national|local|international|business|politics|sports?|crime|weather",
    before="^",
    after="$",
)
_NEWS_SEGMENT = any_of(
    r"(?:breaking-|world-|us-|uk-|local-|latest-|national-)?news|live(?:-?blog)?", before="^", after="$"
)
# WASHINGTON (Reuters) - ..., BEIJING, June 15 (Xinhua) -- ..., LONDON, Aug 2 (AP) —
_DATELINE = re.compile(
    r"^[A-Z][A-Z .,'’\-]{2,40}(?:,\s*[A-Z][a-z]+\.?)?(?:,?\s+[A-Z][a-z]{2,8}\.?\s+\d{1,2})?\s*"
    r"\((?:Reuters|AP|AFP|Xinhua|UPI|ANI|PTI|TASS|Bernama|Yonhap|CNN|Bloomberg|IANS|dpa|EFE)\)\s*[-–—]"
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
    """Distinguish commentary from news by the page's own statements.

    Parameters
    ----------
    url, title, section, tags
        As the page has them, the title with its labels ("Opinion | ...").
    text
        The body; only a news agency's dateline at its start is used.
    types
        JSON-LD types of the article (schema.org: ``OpinionNewsArticle``, ``ReportageNewsArticle``).
    note
        The editor's note, which often states whose opinions these are.
    prior
        The kind of the whole source. The page's own words count more than it, weak signs of news do not.

    Returns
    -------
    tuple
        The kind, and the signal that decided, in words; None if there was no signal.
    """
    signals: Iterator[tuple[Kind, str | None]] = chain(
        (("news", f"json-ld type: {name}") for name in types if name == _LIVE_BLOG),
        (
            ("opinion", signal)
            for signal in _opinion_signals(url, title, section, tags=tags, types=types, note=note)
        ),
        (("news", signal) for signal in _news_signals(text, types)),
        (("opinion", signal) for signal in _weak_opinion_signals(url, section)),
        ((prior, f"source: {prior} throughout") for prior in [prior] if prior != "unknown"),
        (("news", signal) for signal in _weak_news_signals(url, section)),
    )
    return next(signals, ("unknown", None))


def names_a_section(path: str) -> bool:
    """Say whether the last part of a path is the usual name of a section of commentary."""
    last = path.rstrip("/").rpartition("/")[2]
    return bool(_SEGMENT.match(last) or _WEAK_SEGMENT.match(last))


def names_commentary(section: str) -> bool:
    """Say whether one of several categories of a piece is certainly commentary ("Opinion", "Guest columns")."""
    name = section.strip()
    return bool(_SECTION.match(name)) and not _ALONE_SECTION.match(name)


def names_departments(tags: Sequence[str]) -> bool:
    """Say whether a list of tags names the departments of a paper, as on every page of a site, commentary included.

    Examples
    --------
    >>> names_departments(["Springfield", "news", "sports", "opinion"]), names_departments(["news", "opinion"])
    (True, False)
    """
    names = {tag.strip().lower() for tag in tags}
    return any(map(_TAG.match, names)) and sum(map(bool, map(_DEPARTMENT.match, names))) >= 2


def strip_kind_label(title: str) -> str:
    """Remove "Opinion | " and similar labels from a headline."""
    for match in _TITLE.finditer(title):
        # "Letter: ..." and "Column: ..." are part of a printed headline; a label set off by a bar is not.
        rest = (title[: match.start()] + title[match.end() :]).strip()
        if ":" not in match[0] and len(rest.split()) >= 2:
            return strip_kind_label(rest)
    return title


def is_kind_label(text: str) -> bool:
    """Say whether a text is a label that stands before headlines, such as "Opinion"."""
    return strip_kind_label(f"{text} | The rest") == "The rest"


def is_labelled(line: str, title: str) -> bool:
    """Say whether a line is a title after a label, without a mark between them: "Opinion The harbour is dead"."""
    label = line.removesuffix(f" {title}")
    return label != line and is_kind_label(label)


def _opinion_signals(
    url: str,
    title: str | None,
    section: str | None,
    *,
    tags: Sequence[str],
    types: Sequence[str],
    note: str | None,
) -> Iterator[str]:
    yield from (f"url path: /{part}/" for part in _segments(url) if _SEGMENT.match(part))
    if section and _SECTION.match(section.strip()):
        yield f"section: {section.strip()}"
    if title and (label := _TITLE.search(title) or _SPEAKING_TITLE.search(title)):
        yield f"title: {label[0].strip(' |:-–—')}"
    yield from (f"json-ld type: {name}" for name in types if name in _OPINION_TYPES)
    yield from (f"tag: {tag.strip()}" for tag in tags if _TAG.match(tag.strip()))
    if note and (words := _NOTE.search(note)):
        yield f"note: {' '.join(words[0].split())[:80]}"


def _weak_opinion_signals(url: str, section: str | None) -> Iterator[str]:
    """Give the names of folders and sections that hold commentary at some outlets.

    Weak signs of news outweigh them, except a folder with "opinion" in its name or a first folder "voices": outlets
    write the section "News" on pages of these too.
    """
    folders = _folders(url)
    for place, part in enumerate(folders):
        if _OPINION_AND_MORE.match(part) or (place == 0 and part.lower() == "voices"):
            yield f"url path: /{part}/"
    if next(_weak_news_signals(url, section), None) is not None:
        return
    yield from (f"url path: /{part}/" for part in folders if _WEAK_SEGMENT.match(part))
    if section and _WEAK_SECTION.match(section.strip()):
        yield f"section: {section.strip()}"


def _news_signals(text: str, types: Sequence[str]) -> Iterator[str]:
    yield from (f"json-ld type: {name}" for name in types if name in _NEWS_TYPES)
    if dateline := _DATELINE.match(text):
        yield f"agency dateline: {dateline[0].strip()}"


def _weak_news_signals(url: str, section: str | None) -> Iterator[str]:
    """Give the section "News", or a subject section with /news/ in the address; /news/ alone is on whole sites."""
    if section and _NEWS_SECTION.match(section.strip()):
        yield f"section: {section.strip()}"
    path = next((part for part in _segments(url) if _NEWS_SEGMENT.match(part)), None)
    if path and section and _BEAT.match(section.strip()):
        yield f"url path: /{path}/, section: {section.strip()}"


def _segments(url: str) -> list[str]:
    parts = urlsplit(url)
    if parts.scheme == "file":
        # Folders on a person's disk do not show the kind of an article.
        return []
    host = (parts.hostname or "").split(".")
    return [*_folders(url), *(host[:1] if len(host) > 2 else [])]


def _folders(url: str) -> list[str]:
    parts = urlsplit(url)
    return [] if parts.scheme == "file" else [part for part in parts.path.split("/") if part][:-1]
