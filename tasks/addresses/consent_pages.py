"""Pages for consent or login, to which a site leads a visitor before it shows the page that was asked for."""

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from tasks.addresses.urls import host_of

__all__ = ["why_not_the_page"]

# Names of hosts and folders that have no other purpose, without the marks between their words.
_NAMES: Final = frozenset(
    {
        *("consent", "consentement", "consents", "cookieconsent", "cookies", "cmp", "gdpr", "zustimmung"),
        *("account", "accounts", "myaccount", "login", "logon", "signin", "anmelden", "auth", "oauth", "sso"),
    }
)
_BETWEEN_WORDS: Final = re.compile(r"[-_]")
_LONGEST_SHOWN: Final = 120


def why_not_the_page(asked: str, final_url: str) -> str | None:
    """Say why a page is not the one that was asked for: redirects have led to a page for consent or login.

    Neither its text nor the address that it states for itself is that of the page that was asked for. Such a page is
    on a host of the same site that is named for this purpose (``consent.site.example``); or in a folder that is
    (``/login``), with the address that was asked for in its query, so that the visitor can be led back.

    Parameters
    ----------
    asked
        The address that was asked for, in canonical form.
    final_url
        The address of the page after redirects.
    """
    if final_url == asked or not (asked.startswith("http") and final_url.startswith("http")):
        return None
    there, path = host_of(final_url), urlsplit(final_url).path
    if not (_is_named(_labels_within_site(there, host_of(asked))) or _leads_back(asked, final_url)):
        return None
    shown = f"{there}{path}"[:_LONGEST_SHOWN]
    return f"the site led to a page for consent or login instead: {shown}"


def _is_named(names: list[str]) -> bool:
    return any(_BETWEEN_WORDS.sub("", name.partition(".")[0]).lower() in _NAMES for name in names)


def _labels_within_site(host: str, asked: str) -> list[str]:
    """Give the labels of a host before the part that it shares with the host that was asked; none for another site."""
    if host == asked:
        return []
    labels = host.split(".")
    for count in range(1, len(labels) - 1):  # the name of a site has two labels at least
        site = ".".join(labels[count:])
        if asked == site or asked.endswith(f".{site}"):
            return labels[:count]
    return []


def _leads_back(asked: str, final_url: str) -> bool:
    """Say whether a page is in a folder for consent or login and has in its query the address that was asked for."""
    before, after = urlsplit(asked), urlsplit(final_url)
    if _is_named(before.path.split("/")) or not _is_named(after.path.split("/")):
        return False
    # A host or a path may be enough to lead the visitor back; and it may be encoded twice.
    back = unquote(before.path).rstrip("/") or unquote(before.query) or before.netloc
    return back in unquote(unquote(after.query))
