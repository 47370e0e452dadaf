"""Title, authors, dates, outlet, section and address of an article: the page's own statements, best one first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from lxml import html as lxml_html
from trafilatura.metadata import extract_metadata

from commentariat import InputError
from tasks.authors import authors_from_structured, clean_names
from tasks.dates import parse_time, plausible
from tasks.structured import PageData, as_text
from tasks.urls import canonical_url, host_of

__all__ = ["Metadata", "read_metadata", "title_without_site"]

_SEPARATOR = re.compile(r"\s+[|•·»«–—:-]+\s+|\s*[|•»]\s*")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "parsely-pub-date", "sailthru.date",
    "datepublished", "date.published", "publication_date", "publish-date", "publishdate", "pubdate", "article.published", "published-date",
    "dc.date.issued", "dcterms.created", "dc.date", "dcterms.date", "citation_publication_date", "article_date_original", "originalpublicationdate",
    "cxenseparse:recs:publishtime", "ptime", "date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "og:article:modified_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
    "lastmod",
    "revised",
)
_AUTHOR = (
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
)
_SECTION = (
    "article:section",
    "og:article:section",
    "parsely-section",
    "cxenseparse:section",
    "section",
    "sectionname",
    "article.section",
    "dc.subject",
    "category",
)
_TAGS = ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of an article besides its text.

    Attributes
    ----------
    url, syndicated_from
        The page's canonical URL on its own site, and another site's URL it names as the original.
    title, raw_title
        Headline without the site's name, and as the page has it (labels such as "Opinion | " included).
    free
        JSON-LD ``isAccessibleForFree``; None where the page does not say.
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
    syndicated_from: str | None = None


def read_metadata(
    tree: lxml_html.HtmlElement, data: PageData, *, url: str, fetched_at: datetime, outlet: str | None = None
) -> Metadata:
    """Read an article's metadata out of its page.

    Parameters
    ----------
    tree, data
        The page, and what it says of itself to machines.
    url
        Where it was found, in canonical form.
    fetched_at
        When; no publication time lies after it.
    outlet
        Name of the publication where the source gives one.
    """
    try:
        guess = extract_metadata(tree, default_url=url, extensive=True, date_config=None)
    except Exception:
        guess = None
    node = data.article
    name = outlet or _outlet(data, url, guess.sitename if guess else None)
    title, raw_title = _title(data, name, url, guess.title if guess else None)
    published, modified = _dates(tree, data, fetched_at, guess.date if guess else None)
    own, foreign = _addresses(data, url)
    free = node.get("isAccessibleForFree")
    return Metadata(
        url=own,
        title=title,
        raw_title=raw_title,
        subtitle=_subtitle(data, title),
        authors=_authors(tree, data, name, guess.author if guess else None),
        published_at=published,
        modified_at=modified,
        outlet=name,
        section=as_text(node.get("articleSection"))
        or data.first(*_SECTION[:-2])
        or _breadcrumb(data)
        or data.first(*_SECTION[-2:]),
        tags=_tags(data),
        types=data.types(),
        free=None
        if free is None
        else str(free).strip().lower()
        not in {"false", "http://schema.org/false", "https://schema.org/false", "no", "0"},
        syndicated_from=foreign,
    )


def title_without_site(title: str, names: Sequence[str | None]) -> str:
    """Take the site's name off a title: "A headline - The Daily News" becomes "A headline".

    Only a part that is one of the site's names, or its host without dots, goes; a dash inside a headline stays.
    """
    known = {_key(name) for name in names if name}
    known |= {re.sub(r"^the", "", key) for key in known} - {""}
    parts = _SEPARATOR.split(title)
    marks = _SEPARATOR.findall(title)
    while len(parts) > 1 and _names_site(parts[-1], known):
        parts.pop()
        marks.pop()
    while len(parts) > 1 and _names_site(parts[0], known):
        parts.pop(0)
        marks.pop(0)
    rebuilt = parts[0]
    for mark, part in zip(marks, parts[1:], strict=True):
        rebuilt += mark + part
    return rebuilt.strip() or title


def _title(data: PageData, outlet: str | None, url: str, guess: str | None) -> tuple[str | None, str | None]:
    headline = as_text(data.article.get("headline")) or as_text(data.article.get("name"))
    raw = (
        data.first("og:title")
        or headline
        or data.first("twitter:title", "dc.title", "parsely-title")
        or data.title_tag
    )
    raw = raw or (data.h1[0] if data.h1 else None) or guess
    if raw is None:
        return None, None
    host = host_of(url)
    names = [
        outlet,
        data.first("og:site_name", "application-name"),
        _publisher(data),
        host,
        host.rsplit(".", 1)[0],
        host.split(".")[0],
    ]
    names += [name for name in (data.first("twitter:site"),) if name]
    title = title_without_site(raw, names)
    if _key(title) in {_key(name) for name in names if name} and (
        better := next(iter(data.h1), None) or guess or headline
    ):
        # og:title that only repeats the site's name
        return title_without_site(better, names), raw
    # A heading on the page that is the title less a suffix we do not know as the site's name.
    for heading in data.h1:
        if (
            len(heading.split()) >= 3
            and title.startswith(heading)
            and _SEPARATOR.match(title[len(heading) :])
        ):
            return heading, raw
    # Cut for a card: "A long headline that goes on ..." against the full heading.
    stem = re.sub(r"\s*(?:\.\.\.|…)$", "", title)
    if stem != title and (
        full := next((text for text in (*data.h1, headline or "") if text.startswith(stem)), None)
    ):
        return full, raw
    return title, raw


def _names_site(part: str, known: set[str]) -> bool:
    key = _key(part)
    return bool(key) and (
        key in known or re.sub(r"^the", "", key) in known or re.sub(r"(?:com|org|net)$", "", key) in known
    )


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lstrip("@")).casefold()


def _subtitle(data: PageData, title: str | None) -> str | None:
    for text in (
        as_text(data.article.get("alternativeHeadline")),
        data.first("og:description", "description", "twitter:description"),
        as_text(data.article.get("description")),
    ):
        if text and len(text) <= 500 and (title is None or _key(text) != _key(title)):
            return text
    return None


def _authors(
    tree: lxml_html.HtmlElement, data: PageData, outlet: str | None, guess: str | None
) -> tuple[str, ...]:
    structured = authors_from_structured(data.article.get("author") or data.article.get("creator"))
    names = clean_names(structured, outlet)
    if names:
        return names
    for tag in _AUTHOR:
        values = [value for value in data.meta.get(tag, ()) if not value.startswith(("http", "/", "@"))]
        if names := clean_names(values, outlet):
            return names
    marked = [
        " ".join(str(element.text_content()).split())
        for element in tree.xpath(
            "//*[@rel='author' or @itemprop='author' or contains(concat(' ', @class, ' '), ' byline ') or contains(concat(' ', @class, ' '), ' author ')]"
        )[:6]
    ]
    by_line = clean_names(
        [text for text in marked if 2 <= len(text.split()) <= 12 and re.match(r"^by\b", text, re.IGNORECASE)],
        outlet,
    )
    return by_line or clean_names([guess or ""], outlet)


def _dates(
    tree: lxml_html.HtmlElement, data: PageData, fetched_at: datetime, guess: str | None
) -> tuple[datetime | None, datetime | None]:
    published = [
        as_text(data.article.get("datePublished")),
        *(data.first(name) for name in _PUBLISHED),
        as_text(data.article.get("dateCreated")),
    ]
    modified = [as_text(data.article.get("dateModified")), *(data.first(name) for name in _MODIFIED)]
    published += [
        element.get("datetime") or element.get("content")
        for element in tree.xpath(
            "//time[@itemprop='datePublished' or @pubdate] | //*[@itemprop='datePublished'] | (//article//time | //header//time | //main//time)[1]"
        )
    ]
    published.append(guess)

    def first(values: Sequence[str | None]) -> datetime | None:
        return next((when for value in values if (when := plausible(parse_time(value), fetched_at))), None)

    return first(published), first(modified)


def _outlet(data: PageData, url: str, guess: str | None) -> str | None:
    name = (
        data.first("og:site_name")
        or _publisher(data)
        or data.first("application-name", "apple-mobile-web-app-title")
        or guess
    )
    if name:
        # "The Daily News: latest news, comment and analysis" is a slogan behind a name.
        return re.split(r"\s+[|–—-]\s+|:\s", name)[0].strip() or name
    return host_of(url) or None


def _publisher(data: PageData) -> str | None:
    return as_text(data.article.get("publisher"))


def _breadcrumb(data: PageData) -> str | None:
    """Name of the last breadcrumb before the article itself."""
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
        if known:
            return known[-1]
    return None


def _tags(data: PageData) -> tuple[str, ...]:
    found: list[str] = []
    keywords = data.article.get("keywords")
    for value in keywords if isinstance(keywords, list) else [keywords]:
        if isinstance(value, str):
            found.extend(re.split(r"\s*[,;]\s*", value))
    for name in _TAGS:
        for value in data.meta.get(name, ()):
            found.extend(re.split(r"\s*[,;]\s*", value))
    return tuple(dict.fromkeys(tag.strip() for tag in found if 0 < len(tag.strip()) <= 80))[:60]


def _addresses(data: PageData, url: str) -> tuple[str, str | None]:
    """Return the page's own canonical URL, and a foreign original.

    A page may rename itself only within its site, and only to something that can be this very page: canonical
    links to the front page or to the section are a common template error. What it claims of other sites is kept
    apart, since anybody can claim anything.
    """
    foreign = None
    local = url.startswith("file:")
    for claim in (
        data.canonical,
        data.first("og:url"),
        as_text(data.article.get("mainEntityOfPage")),
        as_text(data.article.get("url")),
    ):
        if not claim or not (claim.startswith(("http://", "https://")) or not local):
            continue
        try:
            address = canonical_url(claim if local else urljoin(url, claim))
        except InputError:
            continue
        path = urlsplit(address).path.rstrip("/")
        if not path:
            continue
        if local:
            return address, None
        if not _same_site(address, url):
            foreign = foreign or address
            continue
        own = urlsplit(url).path.rstrip("/")
        if (
            own != path
            and own.startswith(path + "/")
            and not re.fullmatch(r"/(?:amp|print|\d{1,2}|index\.\w+|single(?:page)?)", own[len(path) :])
        ):
            continue
        return address, foreign
    return url, foreign


def _same_site(left: str, right: str) -> bool:
    first, second = host_of(left), host_of(right)
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    # m.example.com and amp.example.com belong to example.com; alice.blog.example and bob.blog.example do not mix.
    prefix = long.removesuffix("." + short)
    return prefix != long and prefix in {
        "m",
        "mobile",
        "amp",
        "edition",
        "www1",
        "beta",
        "news",
        "web",
        "opinion",
    }
