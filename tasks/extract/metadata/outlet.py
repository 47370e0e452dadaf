"""The name of the publication in which an article appeared, by its page."""

from __future__ import annotations

import re
from typing import Final

from tasks.addresses.urls import host_of
from tasks.extract.metadata.headline import name_key
from tasks.extract.metadata.json_ld import as_text
from tasks.extract.metadata.page_data import PageData

__all__ = ["read_outlet"]

#: The mark between the parts of a title: a bar or a dash with a space on each side.
_SEPARATOR: Final = re.compile(r"(?<=\s)[|–—-](?=\s)")
#: "The Daily News: latest news, comment and analysis" is a name followed by a slogan.
_END_OF_NAME: Final = re.compile(rf"{_SEPARATOR.pattern}|:\s")
#: Beginnings of addresses, of accounts and of references inside JSON-LD.
_NO_NAME: Final = ("http", "www.", "@", "#", "/", "_:")


def read_outlet(data: PageData, url: str, guess: str | None) -> str | None:
    """Read the name of the publication; the host of the address if the page gives no name.

    Parameters
    ----------
    data
        The machine-readable data of the page.
    url
        The address of the page after redirects, in canonical form.
    guess
        The name that a library found; it is used only if the page gives no other.
    """
    claims = (
        data.first("og:site_name"),
        *_publishers(data),
        data.first("application-name", "apple-mobile-web-app-title"),
        _title_suffix(data, url),
        _beside_title(data, guess),
    )
    for name in claims:
        if name and not name.startswith(_NO_NAME) and len(re.sub(r"\W", "", name)) > 2:
            return _END_OF_NAME.split(name)[0].strip() or name
    return host_of(url) or None


def _publishers(data: PageData) -> list[str]:
    """Give the names of the publisher and of the site in the JSON-LD, the publisher's first."""
    sites = [node for node in data.nodes if node.get("@type") in ("WebSite", ["WebSite"])]
    names = map(as_text, (data.named(data.article.get("publisher")), *(site.get("name") for site in sites)))
    return [name for name in names if name]


def _beside_title(data: PageData, guess: str | None) -> str | None:
    """Give a library's guess without the title, which it takes for the name of the site if it finds both together."""
    named = list(filter(None, (data.first("og:title"), as_text(data.article.get("headline")))))
    for title in named or data.h1:  # a page that states its title may have its logo as a heading
        if guess and guess.startswith(title):
            behind = _SEPARATOR.split(guess[len(title) :])
            return behind[-1].strip() if len(behind) > 1 else None
    return guess


def _title_suffix(data: PageData, url: str) -> str | None:
    """Read the site's name from the end of the ``<title>``, if the host contains it too."""
    host = name_key(host_of(url).rsplit(".", 1)[0])
    parts = [part.strip() for part in _SEPARATOR.split(data.title_tag or "")]
    return next(
        (part for part in (parts[-1], parts[0]) if len(parts) > 1 and name_key(part) in {host, f"the{host}"}),
        None,
    )
