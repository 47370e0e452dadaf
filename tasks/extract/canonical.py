"""Which address an article has: the page's own claim, as far as a page can be believed."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from commentariat import InputError
from tasks.extract.structured import PageData, as_text
from tasks.urls import canonical_url, host_of

__all__ = ["next_page_of_the_same", "read_addresses"]

_PAGE_QUERY = re.compile(
    r"(?P<mark>[?&])(?:page|pg|p|seite|pagina|pageno)=(?P<number>\d{1,2})(?P<end>)$", re.IGNORECASE
)
_PAGE_PATH = re.compile(r"(?:/page)?(?P<mark>[/_,-])(?P<number>\d{1,2})(?P<end>\.s?html?)?/?$", re.IGNORECASE)


def read_addresses(data: PageData, url: str) -> tuple[str, str | None]:
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
            address = canonical_url(claim, None if local else url)
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


def next_page_of_the_same(data: PageData, url: str) -> str | None:
    """Return the address at which this very article goes on, where it is parted into pages.

    Many systems also name the next *article* as ``rel=next``; only an address that is this one with another page
    number is a page of the same.
    """
    if not data.next_page:
        return None
    try:
        here, there = canonical_url(url), canonical_url(data.next_page, url)
    except InputError:
        return None
    first, number, counted = _page_number(here)
    second, next_number, _ = _page_number(there)
    # "essay-1" and "essay-2" are two of a series, "essay" and "essay-2" are pages of one.
    return there if first == second and next_number == number + 1 and counted not in ("-", "_", ",") else None


def _page_number(url: str) -> tuple[str, int, str]:
    """Part an address into what it is without a page number, that number (1 where it has none), and its mark."""
    if (marked := _PAGE_QUERY.search(url)) or (marked := _PAGE_PATH.search(url)):
        rest = url[: marked.start()] + (marked["end"] or "")
        return rest.rstrip("/?&"), int(marked["number"]), marked["mark"]
    return url.rstrip("/"), 1, ""


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
