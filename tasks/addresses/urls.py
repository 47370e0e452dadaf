"""One URL for each article: the canonical form from which ids are made.

The form follows RFC 3986 (sections 6.2.2 and 6.2.3). It drops the parts that describe how a person came to the page:
fragments, credentials, tracking parameters, AMP wrappers. Changes that would merge different pages on some site are
not made: mobile hosts, ``index.html``, trailing slashes, http against https and parameters with everyday names stay.
Copies under addresses that differ in these are found by their text.
"""

import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

from commentariat import InputError
from tasks.addresses.credentials import without_credentials

MAX_URL_LENGTH = 4_096
MAX_HOST_LENGTH = 253
_DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that say where a person came from. Parameters with an everyday name (ref, source, from, share) are not
# removed.
_TRACKERS = frozenset(
    [
        "_ga",
        "_gl",
        "_hsenc",
        "_hsmi",
        "__twitter_impression",
        "at_campaign",
        "at_custom1",
        "at_medium",
        "cmpid",
        "dclid",
        "dicbo",
        "efg",
        "fb_action_ids",
        "fb_action_types",
        "fb_ref",
        "fb_source",
        "fbclid",
        "gbraid",
        "gclid",
        "gclsrc",
        "guccounter",
        "guce_referrer",
        "guce_referrer_sig",
        "hsctatracking",
        "icid",
        "igsh",
        "igshid",
        "itm_campaign",
        "itm_content",
        "itm_medium",
        "itm_source",
        "li_fat_id",
        "mbid",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "mkwid",
        "msclkid",
        "ncid",
        "ns_campaign",
        "ns_mchannel",
        "ns_source",
        "oly_anon_id",
        "oly_enc_id",
        "pk_campaign",
        "pk_kwd",
        "rb_clickid",
        "s_cid",
        "s_kwcid",
        "smid",
        "smtyp",
        "spm",
        "srsltid",
        "tblci",
        "ttclid",
        "twclid",
        "vero_conv",
        "vero_id",
        "wbraid",
        "wickedid",
        "wt_mc",
        "wt_zmc",
        "xtor",
        "yclid",
        "zanpid",
    ]
)
_TRACKER_PREFIXES = ("utm_", "mtm_", "piwik_", "matomo_", "hsa_")
_AMP_QUERY = frozenset(
    {("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp"), ("outputtype", "valid_amp")}
)
_AMP_VIEWERS = frozenset({"google.com", "www.google.com"})
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_ARTICLE_MARK = re.compile(r"[-\d]")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"^(?:{_LABEL}\.)*{_LABEL}$|^\[[0-9a-f:.]+\]$")


def canonical_url(url: str, base: str | None = None) -> str:
    """Give the one form of a URL that identifies its page.

    Parameters
    ----------
    url
        As found in a feed, a link or a file; relative if ``base`` is given. ``file://`` URLs (made by :func:`file_url`)
        are already canonical and are returned unchanged.
    base
        The page on which it was found.

    Raises
    ------
    InputError
        When no page can be fetched from it: another scheme, no host, or not parseable.
    """
    if url.startswith("file:///") and base is None:
        return url
    url = url.strip()
    is_too_long = len(url) > MAX_URL_LENGTH
    # A listing may have a link of megabytes: nothing is searched in the rest of it. The messages below are stored, so
    # they must not hold a password.
    url = without_credentials(url[:MAX_URL_LENGTH])
    shown = url if len(url) <= 120 else url[:117] + "..."
    try:
        joined = urljoin(base, url) if base else url
        if is_too_long or len(joined) > MAX_URL_LENGTH:
            raise InputError(f"{shown}: longer than {MAX_URL_LENGTH} characters, as no article's URL is")
        scheme = urlsplit(joined).scheme.lower()
        if scheme not in _DEFAULT_PORTS:
            raise InputError(f"{shown}: only http and https are fetched, not {scheme[:40] or 'a bare word'}")
        return _normalise(joined)
    except ValueError as error:
        raise InputError(f"{shown}: not a URL: {error}") from error


def redirect_url(location: str, base: str) -> str:
    """Give the URL to which a redirect leads, in the form in which it is requested.

    It is not canonical, because a site may need every parameter of its own redirects. Credentials and fragment are
    dropped. Bytes of the header that are not UTF-8, which aiohttp decodes as lone surrogates (PEP 383), are escaped one
    by one, as browsers do.

    Raises
    ------
    InputError
        When the redirect leads to another scheme than http and https, or is not a URL.
    """
    location = _NOT_UTF8.sub(lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", without_credentials(location))
    try:
        address = urljoin(base, location.strip())
        if len(urlsplit(address).hostname or "") > MAX_HOST_LENGTH:
            raise InputError(
                f"redirects to {location[:120]!r}: its host has more than {MAX_HOST_LENGTH} characters"
            )
        parts = urlsplit(safe_url_string(address))
        if parts.scheme not in _DEFAULT_PORTS:
            raise InputError(
                f"redirects to {parts.scheme[:40] or 'no'} scheme: only http and https are fetched"
            )
        host, port = _host(parts.hostname, location[:120]), parts.port
    except ValueError as error:
        raise InputError(f"redirects to {location[:120]!r}, which is not a URL: {error}") from error
    netloc = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))


def address_behind_redirects(url: str, final_url: str) -> str:
    """Give the canonical address from which a page came: of a feed's or a shortener's address, the publisher's."""
    if not (url.startswith("http") and final_url.startswith("http")):
        return url
    try:
        return canonical_url(final_url)
    except InputError:
        return url


def _normalise(url: str) -> str:
    # One step can reveal more to remove (an AMP wrapper around a URL with trackers), and the canonical form of a
    # canonical form must be the same. Each round only shortens the URL, so the loop ends.
    for _ in range(16):
        cleaned = canonicalize_url(_clean(canonicalize_url(url)))
        if cleaned == url:
            break
        url = cleaned
    return url


def _clean(url: str) -> str:
    parts = urlsplit(url)
    host = _host(parts.hostname, url)
    if wrapped := _inside_amp(host, parts.path):
        return wrapped + (f"?{parts.query}" if parts.query else "")
    port = parts.port
    netloc = host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_tracker(pair))
    return urlunsplit((parts.scheme, netloc, _without_amp(parts.path) or "/", query, ""))


def _without_amp(path: str) -> str:
    """Drop a last ``/amp``, but only after a path that looks like an article; a section named "amp" keeps its name."""
    before, _, last = path.removesuffix("/").rpartition("/")
    return before if last == "amp" and _ARTICLE_MARK.search(before.rpartition("/")[2]) else path


def _host(host: str | None, url: str) -> str:
    host = unquote(host or "").rstrip(".").lower()
    if len(host) > MAX_HOST_LENGTH:
        raise InputError(f"{url[:120]}: a host's name of more than {MAX_HOST_LENGTH} characters")
    if ":" in host:
        host = f"[{host}]"
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if len(host) > MAX_HOST_LENGTH or not _HOST.match(host):
        raise InputError(f"{url[:120]}: there can be no host named {host[:80]!r}")
    return host


def _is_tracker(pair: str) -> bool:
    name, value = next(iter(parse_qsl(pair, keep_blank_values=True)), (pair, ""))
    name = name.lower()
    return name in _TRACKERS or name.startswith(_TRACKER_PREFIXES) or (name, value.lower()) in _AMP_QUERY


def _inside_amp(host: str, path: str) -> str | None:
    """Unwrap Google's AMP viewer and AMP caches, which hold the publisher's URL in their path."""
    if host in _AMP_VIEWERS:
        marks: tuple[str, ...] = ("/amp/",)
    elif host.endswith(".cdn.ampproject.org"):
        marks = ("/c/", "/v/")
    else:
        return None
    mark = next((mark for mark in marks if path.startswith(mark)), None)
    if mark is None:
        return None
    inside = path.removeprefix(mark)
    publisher, slash, page = inside.removeprefix("s/").partition("/")
    if not slash or "." not in publisher[1:-1]:
        return None
    return f"{'https' if inside.startswith('s/') else 'http'}://{publisher}/{page}"


def article_id(url: str) -> str:
    """Give the id of the article at a canonical URL: 32 hex digits, the same on every machine."""
    return hashlib.sha256(url.encode()).hexdigest()[:32]


def site_of(url: str) -> str:
    """Give scheme, host and port of a canonical URL or of one from :func:`redirect_url`, such as ``http://a.b:81``."""
    end = url.find("/", len("https://"))
    return url if end < 0 else url[:end]


@lru_cache(maxsize=4_096)
def _host_of_site(site: str) -> str:
    return (urlsplit(site).hostname or "").removeprefix("www.")


def host_of(url: str) -> str:
    """Give the host of a canonical URL, without ``www.``; politeness counts requests by this host."""
    return _host_of_site(site_of(url))


def file_url(path: Path, part: str | None = None) -> str:
    """Make a URL for a local file, or with ``part`` for one entry of it; names that are not UTF-8 have one too.

    ``../corpus/a.txt`` has the URL of the whole path, so that a file is one item, however it is named.
    """
    # Python keeps the bytes of such a name as surrogates.
    url = "file://" + quote(str(_without_steps_up(path.absolute())), errors="surrogateescape")
    return url if part is None else f"{url}#{quote(part)}"


def _without_steps_up(path: Path) -> Path:
    """Remove each ``..`` with the folder before it; where that folder is a link, write the folder that is meant."""
    if ".." not in path.parts:
        return path
    end = len(path.parts) - path.parts[::-1].index("..")
    folder, below = Path(*path.parts[:end]), path.parts[end:]
    plain = Path(os.path.normpath(folder))
    try:
        is_meant = plain.samefile(folder)
    except (OSError, ValueError):
        is_meant = True  # nothing is there, nobody may look, or no file can have such a name
    return Path(plain if is_meant else os.path.realpath(folder), *below)


def file_path(url: str) -> tuple[Path, str | None]:
    """Give the path and the part of a URL made by :func:`file_url`."""
    parts = urlsplit(url)
    return Path(unquote(parts.path, errors="surrogateescape")), unquote(parts.fragment) or None
