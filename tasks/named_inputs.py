"""Sources that are named on a command line: an address or a path, of which the type is found."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from commentariat import InputError
from tasks.addresses.address_lists import lists_addresses
from tasks.addresses.article_paths import reads_like_an_article
from tasks.addresses.urls import canonical_url
from tasks.file_endings import FEEDS, TABLES
from tasks.home import with_home_if_known
from tasks.sources import Source, SourceType, is_path, public_address

NAMES_OF_INPUTS = r"input(-[0-9]+)?"
"""Names of the sources that are made from the inputs of a command line, as a regular expression."""

_FEED_PATH = re.compile(r"[/.](feeds?|rss2?|atom)([/.]|$)|\.rdf$|/feed\.json$", re.IGNORECASE)
# "?format=rss", "?feed=rss2" (WordPress), "?format=feed&type=rss" (Joomla)
_FEED_QUERY = re.compile(
    r"(?:^|&)(?:(?:format|feed|type|output|alt)=(?:rss2?|rdf|atom)|format=feed|feed)(?:=?(?:&|$))",
    re.IGNORECASE,
)
# "?rss" and "?rss=1" also stand behind the addresses of articles, to count those who come from a feed.
_BARE_FEED_QUERY = re.compile(r"(?:^|&)(?:rss2?|rss=1)(?:=?(?:&|$))", re.IGNORECASE)
_SITEMAP_PATH = re.compile(r"sitemap[^/]*\.(xml|txt)(\.gz)?$|/robots\.txt$", re.IGNORECASE)
_WARC_PATH = re.compile(r"\.warc(\.gz|\.zst|\.lz4)?$", re.IGNORECASE)
_SECTION_PATH = re.compile(
    r"^/?$|/(opinions?|op-?eds?|editorials?|commentary|comment(isfree)?|columns?|columnists|views|ideas)/?$",
    re.IGNORECASE,
)


def source_from_input(text: str) -> Source:
    """Make a source from an address or a path, as given on a command line.

    The type of an address is found by its path (feed, sitemap, WARC, opinion section, otherwise a single page), that of
    some feeds by their query, and the type of a file by its content.

    Raises
    ------
    InputError
        When it is neither a readable path nor an address from which a page can be fetched.
    """
    if not text.strip():
        raise InputError("an input is empty: name an address, a file or a folder")
    try:
        text = public_address(text)
        if not is_path(text):
            return _source(text, _type_of_address(text))
        path = with_home_if_known(Path(text))
        if not path.exists():
            hint = (
                f"; for a page on the web write https://{text}"
                if "." in text.split("/", maxsplit=1)[0]
                else ""
            )
            raise InputError(f"{text}: no such file or folder{hint}")
        return _source(str(path.absolute()), _type_of_file(path))
    except ValidationError as error:
        raise InputError(error.errors()[0]["msg"].removeprefix("Value error, locations: ")) from error
    except ValueError as error:
        raise InputError(str(error).removeprefix("locations: ")) from None
    except OSError as error:
        raise InputError(f"{text}: cannot be read: {error.strerror or error}") from error


def _source(location: str, source_type: SourceType) -> Source:
    return Source(name="input", type=source_type, locations=(location,))


def _type_of_address(url: str) -> SourceType:
    parts = urlsplit(canonical_url(url))
    path = parts.path
    if _WARC_PATH.search(path):
        return "warc"
    if _SITEMAP_PATH.search(path):
        return "sitemap"
    is_feed = path.lower().endswith(FEEDS) or _FEED_PATH.search(path)
    if is_feed or _FEED_QUERY.search(parts.query):
        return "feed"
    if _BARE_FEED_QUERY.search(parts.query) and not reads_like_an_article(path):
        return "feed"
    return "section" if _SECTION_PATH.search(path) else "urls"


def _type_of_file(path: Path) -> SourceType:
    if not path.is_file():
        return "files"
    if _WARC_PATH.search(path.name):
        return "warc"
    if path.suffix.lower() in FEEDS or path.name.lower().endswith(".xml.gz"):
        return "sitemap" if "sitemap" in path.name.lower() else "feed"
    if path.suffix.lower() in (".txt", ".lst", ".csv", "") and lists_addresses(path):
        return "urls"
    return "table" if path.suffix.lower() in TABLES else "files"
