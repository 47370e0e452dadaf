"""A feed and the frames of sitemaps for the tests, and what a source finds in them."""

from tasks.discover.discover import discover
from tasks.fetch.fetcher import Fetcher
from tasks.item import Discovery
from tasks.sources import Source
from tests.tasks.loopback import Site

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>The Ledger</title><language>en-us</language>
<item><title>Keep the &amp;lt;b&amp;gt;ferries&amp;lt;/b&amp;gt; &amp; the bridge</title>
<link>/opinion/ferries?utm_source=rss</link>
<dc:creator>Ada Byrne</dc:creator><pubDate>Mon, 23 Nov 2026 10:00:00 +0100</pubDate></item>
<item><title>Older</title><link>http://site.example/opinion/older</link>
<pubDate>Thu, 01 Oct 2026 08:00:00 GMT</pubDate></item>
<item><title>Nowhere</title></item>
<item><title>Inwards</title><link>file:///etc/passwd</link></item>
<item><title>Again</title><link>http://site.example/opinion/older#comments</link></item>
</channel></rss>"""

URLSET = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'

INDEX = (
    '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'
)


def url_entry(path: str, lastmod: str = "") -> str:
    date = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>http://site.example{path}</loc>{date}</url>"


def child(path: str, lastmod: str = "") -> str:
    return url_entry(path, lastmod).replace("url>", "sitemap>")


async def found(site: Site, type_: str, location: str | list[str], **options: object) -> Discovery:
    window = {name: options.pop(name) for name in ("since", "until", "previous") if name in options}
    source = Source.model_validate({"name": "s", "type": type_, "location": location} | options)
    hosts = ("site.example", "consent.site.example", "other.example")
    async with Fetcher(site.settings(*hosts)) as fetcher:
        return await discover(source, fetcher, **window)
