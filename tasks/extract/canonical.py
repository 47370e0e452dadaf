"""Which address an article has: the page's own claim, as far as a page can be believed."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from commentariat import InputError
from tasks.extract.structured import PageData, as_text
from tasks.urls import canonical_url, host_of

__all__ = ["read_addresses"]

# Subdomains that show the articles of the main host.
_TWINS = frozenset({"m", "mobile", "amp", "edition", "www1", "beta", "news", "web", "opinion"})
# What may follow an article's own path in another view of it.
_VIEW = re.compile(r"/(?:amp|print|\d{1,2}|index\.\w+|single(?:page)?)")


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
