"""Authors, dates, outlet, section and other data that an article's page states; the most reliable statement is used."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import html as lxml_html
from trafilatura.metadata import extract_metadata

from tasks.extract.kind import names_commentary, names_departments, strip_kind_label
from tasks.extract.metadata.authors import authors_from_structured, clean_names, reads_like_a_name
from tasks.extract.metadata.byline import bylines
from tasks.extract.metadata.canonical import next_page_of_the_same, read_address_at
from tasks.extract.metadata.headline import name_key, read_title
from tasks.extract.metadata.json_ld import as_text
from tasks.extract.metadata.outlet import read_outlet
from tasks.extract.metadata.page_data import PageData
from tasks.extract.metadata.page_dates import read_dates

__all__ = ["Metadata", "read_metadata"]

# Meta tags by their content, the more reliable first; each is the custom of one publishing system or standard.
_AUTHOR = [
    "author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "article:author",
    "og:article:author",
    "citation_author",
    "cxenseparse:author",
    "article.author",
]
_SECTION = [
    "article:section",
    "og:article:section",
    "parsely-section",
    "cxenseparse:section",
    "section",
    "sectionname",
    "article.section",
]
_SUBJECT = ("dc.subject", "category")
_TAGS = ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords")
_FALSE = frozenset({"false", "http://schema.org/false", "https://schema.org/false", "no", "0"})


@dataclass(frozen=True, slots=True)
class Metadata:
    """The known data about an article besides its text.

    Attributes
    ----------
    url
        The page's canonical URL on its own site.
    title, raw_title
        Headline without the site's name, and in the page's own form (with labels such as "Opinion | ").
    free
        JSON-LD ``isAccessibleForFree``, or False for the tier "locked"; None if the page does not state it.
    goes_on_at
        Address of the next page, if the article is divided into several pages.
    list_type
        JSON-LD type with which the page calls itself a list of articles; None if it does not.
    uncertain
        Names of the fields that no markup states, only the visible text or a library's guess ("authors",
        "published_at"); what a listing states is more reliable.
    without_zone
        Names of the times, "published_at" and "modified_at", that the page states without a zone and that were read as
        UTC; what a listing states may show the zone.
    """

    url: str
    title: str | None = None
    raw_title: str | None = None
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    outlet: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    free: bool | None = None
    goes_on_at: str | None = None
    list_type: str | None = None
    uncertain: frozenset[str] = frozenset()
    without_zone: frozenset[str] = frozenset()


def read_metadata(
    tree: lxml_html.HtmlElement,
    data: PageData,
    *,
    url: str,
    found_at: str,
    fetched_at: datetime,
    outlet: str | None = None,
    title: str | None = None,
) -> Metadata:
    """Read an article's metadata from its page.

    Parameters
    ----------
    tree, data
        The page, and its machine-readable data.
    url
        The address at which it was asked for, in canonical form.
    found_at
        The address from which it came, after redirects, in canonical form.
    fetched_at
        The time of fetching; no publication time is later.
    outlet
        Name of the publication, if the source gives one.
    title
        The title that stands beside the text in its row; it counts before a title that a library guesses.
    """
    try:
        guess = extract_metadata(tree, default_url=found_at, extensive=True, date_config=None)
    except Exception:
        guess = None
    name = outlet or read_outlet(data, found_at, guess.sitename if guess else None)
    title, raw_title = read_title(data, name, found_at, title or (guess.title if guess else None))
    own = read_address_at(data, url, found_at)
    dates = read_dates(
        tree,
        data,
        fetched_at=fetched_at,
        guess=guess.date if guess else None,
        addresses=(own, found_at),
    )
    authors, named = _authors(tree, data, name, guess.author if guess else None)
    return Metadata(
        url=own,
        title=title,
        raw_title=raw_title,
        subtitle=_subtitle(data, title),
        authors=authors,
        published_at=dates.published,
        modified_at=dates.modified,
        outlet=name,
        section=_section(data, [name for name in (title, raw_title) if name]),
        tags=_tags(data),
        types=data.types(),
        free=_is_free(data),
        goes_on_at=next_page_of_the_same(data, found_at),
        list_type=data.list_type,
        uncertain=frozenset(
            field for field, certain in (("published_at", dates.is_stated), ("authors", named)) if not certain
        ),
        without_zone=dates.without_zone,
    )


def _is_free(data: PageData) -> bool | None:
    """Say whether the page states that everybody may read it; a metered page shows the whole text, a locked one not."""
    stated = data.article.get("isAccessibleForFree")
    if stated is not None:
        return str(stated).strip().lower() not in _FALSE
    return False if (data.first("article:content_tier") or "").lower() == "locked" else None


def _subtitle(data: PageData, title: str | None) -> str | None:
    for text in (
        as_text(data.article.get("alternativeHeadline")),
        data.first("og:description", "description", "twitter:description"),
        as_text(data.article.get("description")),
    ):
        if text and len(text) <= 500 and (title is None or name_key(text) != name_key(title)):
            return text
    return None


def _authors(
    tree: lxml_html.HtmlElement, data: PageData, outlet: str | None, guess: str | None
) -> tuple[tuple[str, ...], bool]:
    """Give the authors, and whether the page itself names them."""
    structured = authors_from_structured(
        data.named(data.article.get("author") or data.article.get("creator"))
    )
    names = clean_names(structured, outlet)
    for tag in () if names else _AUTHOR:
        values = [
            value
            for value in data.meta.get(tag, ())
            if not value.startswith(("http", "/", "@")) and reads_like_a_name(value)
        ]
        if names := clean_names(values, outlet):
            break
    by_lines = bylines(tree, outlet)
    if names:
        # Some publishing systems put only the first of several authors into their machine-readable data. One byline
        # must name them all, since another one may be that of another article, and nothing but people, since a place
        # may follow the author.
        lists = (by_line.names for by_line in by_lines if by_line.is_list)
        return next(
            (more for more in lists if len(more) > len(names) and set(names) <= set(more)), names
        ), True
    if by_lines or structured:
        # If the page states only the outlet itself as the author, no person is guessed.
        return by_lines[0].names if by_lines else (), True
    return clean_names([guess] if guess and reads_like_a_name(guess) else [], outlet), False


def _section(data: PageData, titles: Sequence[str]) -> str | None:
    """Give the first stated section that is certainly commentary, or else the first one.

    Many publishing systems state all categories of a piece, in the order of the alphabet: "News", "Opinion".
    """
    value = data.article.get("articleSection")
    listed = map(as_text, value if isinstance(value, list) else [value])
    tagged = (value for tag in _SECTION for value in data.meta.get(tag, ()))
    stated = [name for name in (*listed, *tagged) if name]
    parts = (part.strip() for name in stated for part in (name, *name.split(",")))
    commentary = next(filter(names_commentary, parts), None)
    return commentary or next(iter(stated), None) or _breadcrumb(data, titles) or data.first(*_SUBJECT)


def _breadcrumb(data: PageData, titles: Sequence[str]) -> str | None:
    """Give the name of the last breadcrumb before the article itself, or of the one that is certainly commentary.

    Many publishing systems, and the examples of search engines, put the article itself at the end.
    """
    headline = as_text(data.article.get("headline"))
    own = {
        name_key(plain) for title in (*titles, headline or "") for plain in (title, strip_kind_label(title))
    }
    for node in data.nodes:
        if node.get("@type") != "BreadcrumbList":
            continue
        entries = node.get("itemListElement")
        names = (
            [
                as_text(entry.get("name")) or as_text(entry.get("item"))
                for entry in entries
                if isinstance(entry, dict)
            ]
            if isinstance(entries, list)
            else []
        )
        known = [
            name
            for name in names
            if name
            and name.lower() not in {"home", "homepage", "news home"}
            and not name.startswith("http")
            and len(name) <= 40
        ]
        if known and not names_commentary(known[-1]) and _is_title(known[-1], own):
            known.pop()
        if known:
            return next(filter(names_commentary, reversed(known)), known[-1])
    return None


def _is_title(name: str, titles: Collection[str]) -> bool:
    """Whether a breadcrumb is a title, by the keys of the titles, or the beginning of one ("The harbour is ...")."""
    key = name_key(name)
    is_cut = name.endswith(("…", "..."))
    return any(title == key or (is_cut and title.startswith(key)) for title in titles if title)


def _tags(data: PageData) -> tuple[str, ...]:
    """Give the tags of the article. A list of the departments of the site says nothing of it, and is left out."""
    keywords = data.article.get("keywords")
    stated = keywords if isinstance(keywords, list) else [keywords]
    lists = [
        [tag.strip() for value in values if isinstance(value, str) for tag in re.split("[,;]", value)]
        for values in (stated, *(data.meta.get(name, ()) for name in _TAGS))
    ]
    tags = (tag for listed in lists if not names_departments(listed) for tag in listed)
    return tuple(dict.fromkeys(tag for tag in tags if 0 < len(tag) <= 80))[:60]
