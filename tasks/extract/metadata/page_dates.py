"""When an article was published and last changed, by its page; the most reliable statement is used."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import NamedTuple

from lxml import html as lxml_html

from tasks.extract.metadata.byline import dates_under_heading, elements_above_the_text
from tasks.extract.metadata.json_ld import as_text
from tasks.extract.metadata.page_data import PageData
from tasks.text.dates import parse_time, plausible
from tasks.text.zones import ahead_of, states_zone

__all__ = ["PageDates", "read_dates"]

# Meta tags by their content, the more reliable first; each is the custom of one publishing system or standard.
_PUBLISHED = [
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "og:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "datepublished",
    "date.published",
    "publication_date",
    "publish-date",
    "publishdate",
    "pubdate",
    "article.published",
    "published-date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "article_date_original",
    "originalpublicationdate",
    "cxenseparse:recs:publishtime",
    "ptime",
    "date",
]
_MODIFIED = [
    "article:modified_time",
    "og:updated_time",
    "og:article:modified_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
    "lastmod",
    "revised",
]
_STATED_TIMES = "(//time[@itemprop='datePublished' or @pubdate] | //*[@itemprop='datePublished'])"
_TIME_ELEMENTS = ("(//h1/following::time)[1]", "(//article//time | //header//time | //main//time)[1]")
_MAX_TIMES = 10
# "/1981/05/06/", "/la-xpm-1985-07-11-": the path of an archive, and no year in a headline.
_OLD_YEAR = re.compile(r"/(1[89]\d\d)/|[/-](1[89]\d\d)-\d\d-\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class PageDates:
    """The times that a page gives for its article, in UTC.

    Attributes
    ----------
    published
        The time of publication, if the page or the library's guess gives one.
    is_stated
        Whether the markup of the article states it; otherwise it comes from visible text or from the guess.
    modified
        The time of the last change, if the markup states one.
    without_zone
        Names of the two times, of those that the page states without a zone and that were read as UTC.
    """

    published: datetime | None
    is_stated: bool
    modified: datetime | None
    without_zone: frozenset[str] = frozenset()


class _Written(NamedTuple):
    """A time that the page states, and whether with its zone (:func:`tasks.text.zones.states_zone`)."""

    when: datetime
    zoned: bool | None = True


def read_dates(
    tree: lxml_html.HtmlElement,
    data: PageData,
    *,
    fetched_at: datetime,
    guess: str | None,
    addresses: Collection[str] = (),
) -> PageDates:
    """Read the times of an article from its page.

    Parameters
    ----------
    tree, data
        The page, and its machine-readable data.
    fetched_at
        The time of fetching; a time that is more than two days later is not used.
    guess
        The date that a library found; it is used only if the page gives no other.
    addresses
        The canonical addresses of the page. If one of them has a year before the web, the markup may state it too.
    """
    stated = as_text(data.article.get("datePublished"))
    tagged = [*(data.first(name) for name in _PUBLISHED), as_text(data.article.get("dateCreated"))]
    changed = as_text(data.article.get("dateModified"))
    if guess and guess.endswith("-01-01"):
        guess = None  # the library found only a year, in the address or below the text, but no day
    above = set(elements_above_the_text(tree, "self::time"))
    times = [element for path in _TIME_ELEMENTS for element in tree.xpath(path)]
    marked = [
        element.get("datetime") or element.get("content")
        for element in [
            *tree.xpath(_STATED_TIMES)[:_MAX_TIMES],
            *(element for element in times if element in above),
        ]
    ]
    # A time below the beginning of the text may be that of a teaser.
    seen = [
        *dates_under_heading(tree),
        *(element.get("datetime") for element in times if element not in above),
        guess,
    ]

    old_years = frozenset(
        int(year[1] or year[2]) for address in addresses for year in _OLD_YEAR.finditer(address)
    )

    def read(values: Iterable[str | None], years: Collection[int] = old_years) -> list[_Written]:
        times = ((plausible(parse_time(value), fetched_at, years), value) for value in values if value)
        return [_Written(when, states_zone(value)) for when, value in times if when]

    others = read([*tagged, *marked])
    publications = [*read([stated]), *others]
    published = next(iter(publications), None)
    modified = next(iter(read([changed, *(data.first(name) for name in _MODIFIED)])), None)
    if stated and stated == changed and published and others and others[0].when < published.when:
        published = others[0]  # some templates give the time of the last change as both times
    if published and published.zoned is False:
        published, modified = _in_their_zone(published, modified, others)
    if published is None:
        return PageDates(
            next((written.when for written in read(seen, ())), None), False, modified and modified.when
        )
    both = {"published_at": published, "modified_at": modified}
    without_zone = frozenset(name for name, written in both.items() if written and written.zoned is False)
    return PageDates(published.when, True, modified and modified.when, without_zone)


def _in_their_zone(
    published: _Written, modified: _Written | None, others: Sequence[_Written]
) -> tuple[_Written, _Written | None]:
    """Give the times in UTC, if another statement of the publication has its zone; otherwise as they were read."""
    ahead = next(
        (ahead for other in others if other.zoned and (ahead := ahead_of(published.when, other.when))), None
    )
    if ahead is None:
        return published, modified
    # At midnight it may be only the day, which says nothing of the zone of another time.
    is_zone = published.when.time() != time()
    follows = modified is not None and modified.zoned is False and is_zone
    return _Written(published.when + ahead), _Written(
        modified.when + ahead
    ) if modified and follows else modified
