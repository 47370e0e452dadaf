"""The listings of the outlets' articles: RSS, Atom, JSON Feed, sitemaps, a section page."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from flows.sample.corpus import Corpus, Outlet, Piece
from flows.sample.render import description

_NEWS_SITEMAP_DAYS = 14


def render_listings(outlet: Outlet, corpus: Corpus) -> dict[str, tuple[str, str]]:
    """Give the listing documents of an outlet.

    Returns
    -------
    dict
        Path to (content type, text); several entries if a sitemap index names further files.
    """
    pieces = corpus.of(outlet)
    if outlet.listing_kind == "none":
        return {}
    if outlet.listing_kind == "sitemap":
        return _sitemaps(outlet, pieces)
    render, content_type = _RENDERERS[outlet.listing_kind]
    return {outlet.listing: (content_type, render(outlet, pieces))}


def _newest(pieces: list[Piece]) -> datetime:
    return max(piece.published for piece in pieces)


def _rss(outlet: Outlet, pieces: list[Piece]) -> str:
    items = [
        f"""<item>
<title>{escape(piece.title)}</title>
<link>{escape(piece.listed_url)}</link>
<guid isPermaLink="true">{escape(piece.url)}</guid>
<dc:creator>{escape(", ".join(piece.authors))}</dc:creator>
<category>{escape(piece.section)}</category>
<pubDate>{format_datetime(piece.published)}</pubDate>
<description>{escape(description(piece))}</description>
</item>"""
        for piece in pieces
    ]
    items += [
        f"<item><title>{escape(link.title)}</title><link>{escape(link.url)}</link></item>"
        for link in outlet.also_listed
    ]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>{escape(outlet.name)}: opinion</title>
<link>{outlet.root}/</link>
<description>{escape(outlet.tagline)}</description>
<language>{outlet.language}</language>
<lastBuildDate>{format_datetime(_newest(pieces))}</lastBuildDate>
{chr(10).join(items)}
</channel>
</rss>
"""


def _atom(outlet: Outlet, pieces: list[Piece]) -> str:
    entries = [
        f"""<entry>
<title>{escape(piece.title)}</title>
<link rel="alternate" type="text/html" href="{escape(piece.listed_url)}"/>
<id>{escape(piece.url)}</id>
<published>{piece.published.isoformat()}</published>
<updated>{(piece.modified or piece.published).isoformat()}</updated>
{"".join(f"<author><name>{escape(name)}</name></author>" for name in piece.authors)}
<category term="{escape(piece.section)}"/>
<summary>{escape(description(piece))}</summary>
</entry>"""
        for piece in pieces
    ]
    updated = _newest(pieces).isoformat()
    entries += [
        f'<entry><title>{escape(link.title)}</title><link href="{escape(link.url)}"/>'
        f"<id>{escape(link.url)}</id><updated>{updated}</updated></entry>"
        for link in outlet.also_listed
    ]
    return f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">
<title>{escape(outlet.name)}: comment</title>
<link href="{outlet.root}/"/>
<link rel="self" href="{outlet.root}{outlet.listing}"/>
<id>{outlet.root}/</id>
<updated>{updated}</updated>
{chr(10).join(entries)}
</feed>
"""


def _jsonfeed(outlet: Outlet, pieces: list[Piece]) -> str:
    items = [
        {
            "id": piece.url,
            "url": piece.listed_url,
            "title": piece.title,
            "summary": description(piece),
            "date_published": piece.published.isoformat(),
            "authors": [{"name": name} for name in piece.authors],
            "tags": list(piece.tags),
            "language": piece.language,
        }
        for piece in pieces
    ]
    items += [{"id": link.url, "url": link.url, "title": link.title} for link in outlet.also_listed]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": outlet.root + "/",
        "feed_url": outlet.root + outlet.listing,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _section(outlet: Outlet, pieces: list[Piece]) -> str:
    links = "\n".join(
        f'<li><a href="{escape(piece.listed_url.removeprefix(outlet.root))}">{escape(piece.title)}</a>, '
        f"by {escape(' and '.join(piece.authors))}</li>"
        for piece in pieces
    )
    return f"""<!doctype html>
<html lang="{outlet.language}">
<head><meta charset="utf-8"><title>Essays | {escape(outlet.name)}</title></head>
<body><p><a href="/">Home</a> <a href="/about/">About</a> <a href="/write/">Write for us</a></p>
<h1>Essays</h1>
<ul>
{links}
</ul>
<p><a href="/essays/?page=2">Older</a> <a href="mailto:post@{outlet.host}">Write to us</a></p>
</body></html>
"""


def _sitemaps(outlet: Outlet, pieces: list[Piece]) -> dict[str, tuple[str, str]]:
    """Give a sitemap index, the sitemap of all pieces, and the news sitemap of the last two weeks."""
    everything, recent = "/sitemap-essays.xml", "/news-sitemap.xml"
    schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
    since = _newest(pieces) - timedelta(days=_NEWS_SITEMAP_DAYS)
    parts = "".join(f"<sitemap><loc>{outlet.root}{path}</loc></sitemap>\n" for path in (everything, recent))
    urls = "".join(
        f"<url><loc>{escape(piece.listed_url)}</loc><lastmod>{piece.published.isoformat()}</lastmod></url>\n"
        for piece in pieces
    )
    news = "".join(
        f"<url><loc>{escape(piece.listed_url)}</loc><news:news><news:publication><news:name>{escape(outlet.name)}"
        f"</news:name><news:language>{piece.language[:2]}</news:language></news:publication>"
        f"<news:publication_date>{piece.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(piece.title)}</news:title></news:news></url>\n"
        for piece in pieces
        if piece.published >= since
    )
    head, xml = '<?xml version="1.0" encoding="UTF-8"?>\n', "application/xml"
    namespaces = f'xmlns="{schema}" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return {
        outlet.listing: (xml, f'{head}<sitemapindex xmlns="{schema}">\n{parts}</sitemapindex>\n'),
        everything: (xml, f'{head}<urlset xmlns="{schema}">\n{urls}</urlset>\n'),
        recent: (xml, f"{head}<urlset {namespaces}>\n{news}</urlset>\n"),
    }


_RENDERERS: dict[str, tuple[Callable[[Outlet, list[Piece]], str], str]] = {
    "rss": (_rss, "application/rss+xml"),
    "atom": (_atom, "application/atom+xml"),
    "jsonfeed": (_jsonfeed, "application/feed+json"),
    "section": (_section, "text/html"),
}
