"""The address of an article: the page's own statement, as far as it can be trusted."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from commentariat import InputError
from tasks.addresses.article_paths import reads_like_an_article
from tasks.addresses.urls import address_behind_redirects, canonical_url, host_of
from tasks.addresses.written import written_address
from tasks.extract.kind import names_a_section
from tasks.extract.metadata.json_ld import as_text
from tasks.extract.metadata.page_data import PageData

__all__ = [
    "next_page_of_the_same",
    "read_address_at",
    "read_address_of_text",
    "why_not_the_article",
]

_PAGE_QUERY = re.compile(
    r"(?P<mark>[?&])(?:page|pg|p|seite|pagina|pageno)=(?P<number>\d{1,2})(?P<end>)$", re.IGNORECASE
)
# An id of three digits and more; but a year is the archive of a year.
_SHORT_ID = re.compile(r"(?!(?:19|20)\d\d$)\d{3}|\d[a-z]|[a-z]\d", re.IGNORECASE)
_LEAST_OF_A_SLUG = 8
# Addresses of many articles, although they have a date or the ending of a page: "/opinion/index.html", "/2026/11/".
_OF_MANY = re.compile(r"/(?:index|default|home)\.\w{2,5}$|/(?:19|20)\d\d/\d{1,2}/?$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{4,}")
_BEHIND_A_TITLE = re.compile(r"\s[|•»–—-]\s")
#: Words beside the number in an address such as /node/123456 or /article123456.html.
_BESIDE_A_NUMBER = frozenset(
    {"node", "article", "articles", "story", "post", "page", "print", "html", "shtml", "aspx"}
)
_PAGE_PATH = re.compile(r"(?:/page)?(?P<mark>[/_,-])(?P<number>\d{1,2})(?P<end>\.s?html?)?/?$", re.IGNORECASE)


def why_not_the_article(asked: str, final_url: str) -> str | None:
    """Say why a page is not the article that was asked for: redirects have led to the front page or to a section.

    Many sites do this for articles that they have taken off; the text of the page is then the teasers of others. Only
    an address that can name nothing else counts: a query may name the article, and so may the front page of another
    host.

    Parameters
    ----------
    asked
        The address that was asked for, in canonical form.
    final_url
        The address of the page after redirects.
    """
    there, own = address_behind_redirects(asked, final_url), urlsplit(asked).path
    host, path, query = host_of(there), urlsplit(there).path.rstrip("/"), urlsplit(there).query
    if there == asked or query or host != host_of(asked):
        return None
    if not reads_like_an_article(own) or _names_only_a_section(own):
        return None
    if path and (reads_like_an_article(path) or not _names_only_a_section(path)):
        return None
    return f"the site led to {'a section' if path else 'its front page'} instead: {host}{path}"


def read_address_at(data: PageData, url: str, found_at: str) -> str:
    """Return the canonical URL that a page states which was asked for at one address and may come from another.

    A page is at home on both sites, so it may give its address on either. If it gives none, it keeps the address at
    which it was asked for, because a redirect may lead to another place on every night.
    """
    if host_of(url) == host_of(found_at):
        return _addresses(data, url)[0]  # such as http and https, which must not make two articles of one
    own, foreign = _addresses(data, url, found_at)
    if own != url or foreign is None:
        return own
    there, _ = _addresses(data, found_at)
    return url if there == found_at != foreign else there


def _addresses(data: PageData, url: str, base: str | None = None) -> tuple[str, str | None]:
    """Return the canonical URL that the page states, and the URL of an original on another site.

    A page may give another address only within its own site, and only one that can be this very page: canonical links
    to the front page or to the section are a common template error. Statements about other sites are returned
    separately, because any page can make them. A relative address begins at ``base``, or else at ``url``.
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
            address = canonical_url(claim, None if local else base or url)
        except InputError:
            continue
        path = urlsplit(address).path.rstrip("/")
        if not path:
            continue
        if local:
            # Nothing is known of the page's own address; a folder of commentary alone is that of many articles.
            if _names_only_a_section(path):
                continue
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
        if _is_a_section_above(path, own, _words_of_titles(data)):
            continue
        return address, foreign
    return url, foreign


def read_address_of_text(claim: str | None, url: str) -> str:
    """Return the address that the head of a text on disk states, or else the text's own.

    The same line may stand in many texts, which would become one article. Therefore only what reads like the address of
    an article counts.
    """
    if not claim or not url.startswith("file:"):
        return url
    try:
        address = written_address(claim)
    except InputError:
        return url
    parts = urlsplit(address)
    path = parts.path
    is_of_many = not parts.query and _OF_MANY.search(path)
    is_of_an_article = (
        reads_like_an_article(path) and not is_of_many and not _names_only_a_section(path.rstrip("/"))
    )
    return address if is_of_an_article else url


def _words_of(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _words_of_titles(data: PageData) -> set[str]:
    """Give the words of the page's titles without what may be the name of a section after a mark."""
    titles = filter(None, [data.first("og:title"), data.title_tag, *data.h1])
    return {word for title in titles for word in _words_of(_BEHIND_A_TITLE.split(title)[0])}


def _names_only_a_section(path: str) -> bool:
    """Say whether a path ends with the name of a section, and no folder above it is that of an article or a day."""
    return names_a_section(path) and not reads_like_an_article(path.rpartition("/")[0] + "/")


def _is_a_section_above(claim: str, own: str, in_titles: set[str]) -> bool:
    """Say whether a claimed path is that of a section, while the page's own path is that of an article.

    Another address of the same article ends with the same slug or a part of it, with a number, or with words where the
    page's own address has only a number. A single word may also be a section's: it must be in the page's titles.
    """
    claimed, last = claim.rpartition("/")[2], own.rpartition("/")[2]
    if claimed == last:
        return False
    if _names_only_a_section(claim):
        return True
    words, own_words = _words_of(claimed), _words_of(last)
    has_only_a_number = own_words <= _BESIDE_A_NUMBER and any(map(str.isdigit, last))
    is_same = (
        (len(claimed) >= _LEAST_OF_A_SLUG and claimed in last)
        or _SHORT_ID.search(claimed) is not None
        or ("-" in claimed and "-" not in last)
        or (len(words) > 1 and words <= own_words)
        or (has_only_a_number and claim.count("/") > 1 and bool(words & in_titles))
    )
    return not is_same and reads_like_an_article(own) and not reads_like_an_article(claim)


def next_page_of_the_same(data: PageData, url: str) -> str | None:
    """Return the address of the next page of this article, if the article is divided into several pages.

    Many systems also name the next *article* as ``rel=next``. Only an address that equals this one except for the page
    number is a page of the same article.
    """
    if not data.next_page:
        return None
    try:
        here, there = canonical_url(url), canonical_url(data.next_page, url)
    except InputError:
        return None
    first, number, counted = _page_number(here)
    second, next_number, _ = _page_number(there)
    # "essay-1" and "essay-2" are two articles of a series; "essay" and "essay-2" are pages of one article.
    return there if first == second and next_number == number + 1 and counted not in ("-", "_", ",") else None


def _page_number(url: str) -> tuple[str, int, str]:
    """Divide an address into the part without a page number, that number (1 if there is none), and its mark."""
    if (marked := _PAGE_QUERY.search(url)) or (marked := _PAGE_PATH.search(url)):
        rest = url[: marked.start()] + (marked["end"] or "")
        return rest.rstrip("/?&"), int(marked["number"]), marked["mark"]
    return url.rstrip("/"), 1, ""


def _same_site(left: str, right: str) -> bool:
    first, second = host_of(left), host_of(right)
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    # m.example.com and amp.example.com belong to example.com; alice.blog.example and bob.blog.example are different
    # sites.
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
