"""Feeds with entries of any content: RSS, Atom and JSON Feed, some of them damaged.

Bytes of any content are never a feed, and so they show nothing about the entries.
"""

import json

from hypothesis import strategies as st

_VALUES = st.sampled_from(
    ["http://site.example/a", " /b ", "//", "", " ", "tag:a", "Mon, 23 Nov 2026 10:00:00 +0100", "2026-11-20", "0",
     "0001-01-01T00:00:00+05:00", "jo@ledger.media (Jo Lee)", "A &amp; B", "&amp;lt;b&amp;gt;", "&nbsp;", "&#xD800;",
     "&#0;", "<b>x</b>", "<![CDATA[ <i>x</i> ]]>", "<!-- x -->", "<name>Ada</name>", "<name/>", "]]>", "<", "&", "\x00"]
) | st.text(max_size=12)  # fmt: skip
_ATTRIBUTES = st.sampled_from(
    ["", ' href="http://site.example/c"', ' href=""', ' rel="self" href="/x"', ' isPermaLink="false"', ' type="html"',
     " href", ' rel="alternate" href=" /d "']
)  # fmt: skip
_RSS_NAMES = st.sampled_from(
    ["link", "guid", "title", "author", "dc:creator", "pubDate", "dc:date", "atom:link"]
)
_ATOM_NAMES = st.sampled_from(["link", "id", "title", "author", "published", "updated", "source"])
_JSON_NAMES = st.sampled_from(["url", "id", "title", "author", "authors", "date_published", "date_modified"])


def _entries(tag: str, names: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    field = st.builds("<{0}{1}>{2}</{0}>".format, names, _ATTRIBUTES, _VALUES)
    entry = st.lists(field, max_size=5).map(lambda fields: f"<{tag}>{''.join(fields)}</{tag}>")
    return st.lists(entry, max_size=3).map("".join)


_RSS = _entries("item", _RSS_NAMES).map(
    '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
    "<title>x</title>{}</channel></rss>".format
)
_ATOM = _entries("entry", _ATOM_NAMES).map(
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{}</feed>'.format
)
_JSON_VALUES = st.recursive(
    _VALUES | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["name", "email", "url"]), inner, max_size=2)
    ),
    max_leaves=4,
)
_JSON = st.lists(st.dictionaries(_JSON_NAMES, _JSON_VALUES, max_size=5) | _JSON_VALUES, max_size=3).map(
    lambda items: json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
)
_WHOLE = (_RSS | _ATOM | _JSON).map(lambda feed: feed.encode(errors="replace"))


def _damaged(feed: bytes, start: int, length: int, junk: bytes) -> bytes:
    return feed[:start] + junk + feed[start + length :]


any_feeds = _WHOLE | st.builds(
    _damaged, _WHOLE, st.integers(0, 400), st.integers(0, 30), st.binary(max_size=10)
)
"""Bytes of a feed, or of nearly one."""
