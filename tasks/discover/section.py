"""Section pages: the links of a page that lead to articles."""

from functools import partial
from urllib.parse import urlsplit

from commentariat import InputError
from tasks.addresses.article_paths import reads_like_an_article
from tasks.addresses.consent_pages import why_not_the_page
from tasks.addresses.urls import canonical_url, host_of
from tasks.discover.feeds import is_feed, read_feed
from tasks.discover.link_parsing import MAX_LINKS, Link, links_of
from tasks.discover.listing import Findings, Visitor
from tasks.extract.kind import names_a_section
from tasks.item import Visit
from tasks.off_event_loop import WorkLostError
from tasks.page import NotFetchedError


async def discover_section(visitor: Visitor, location: str) -> Findings:
    """Give the articles to which a section page links.

    Only links within the same site count, unless ``include`` patterns choose others. Without patterns, a link must look
    like the address of an article (a long slug, a date, a number). A feed at the address is read as one.
    """
    listing = visitor.at(location)
    try:
        page = await visitor.visit(listing, "section")
    except NotFetchedError as error:
        yield error.as_outcome(listing, station="discover")
        return
    if isinstance(page, Visit):
        return
    if why := _why_not_the_section(visitor, listing.url, page.final_url):
        yield visitor.unusable(page.item.url, f"{why}; name its feed or sitemap, if it has one")
        return
    if is_feed(page.body or b""):
        async for finding in read_feed(visitor, page, page.body or b""):
            yield finding
        return
    try:
        parse = partial(links_of, charset=page.charset, url=page.final_url)
        links, base = await visitor.parsed(parse, page.body or b"")
    except WorkLostError as error:
        yield visitor.unusable(page.item.url, f"its links could not be read: {error}")
        return
    if not links:
        yield visitor.unusable(
            page.item.url, "the page has no links; if it builds them by script, use its feed"
        )
        return
    yield page.visit("section")
    if len(links) > MAX_LINKS:
        del links[MAX_LINKS:]
        beyond = f"has more than {MAX_LINKS:,} links; the rest is not read"
        yield visitor.left_out(page.item.url, beyond)
    own = _canonical_if_possible(page.final_url)
    for link in links:
        await visitor.let_others_run()  # also for anchors that are no links
        if (reason := _why_not_an_article(visitor, link, base, own, host_of(page.final_url))) is None:
            yield visitor.found(link.href, base, title=link.text)
        elif reason:
            yield visitor.left_out(canonical_url(link.href, base), reason)


def _why_not_the_section(visitor: Visitor, asked: str, final_url: str) -> str | None:
    """Say why a page is not the section: redirects have led to a page for consent or login, or to the front page.

    A front page links to the news of all sections. But the patterns of a source choose among its links too.
    """
    if why := why_not_the_page(asked, final_url):
        return why
    there, host = urlsplit(_canonical_if_possible(final_url)), host_of(final_url)
    is_front_page = there.path == "/" and not there.query and host == host_of(asked)
    if visitor.source.include or not is_front_page or not names_a_section(urlsplit(asked).path):
        return None
    return f"the site led to its front page instead: {host}"


def _canonical_if_possible(page_url: str) -> str:
    """Give the address of the page itself; a site may redirect to one that is longer than any article's."""
    try:
        return canonical_url(page_url)
    except InputError:
        return page_url


def _why_not_an_article(visitor: Visitor, link: Link, base: str, own: str, host: str) -> str | None:
    """Say why a link is left out; an empty string if it is not a link to another page at all."""
    try:
        url = canonical_url(link.href, base)
    except InputError:
        return ""  # mail addresses, scripts, telephone numbers
    if url == own:
        return ""
    if visitor.source.include:
        return None  # the source's own patterns decide
    if host_of(url) != host:
        return "leads to another site"
    if not reads_like_an_article(urlsplit(url).path):
        return "does not look like an article; an include pattern takes it in"
    return None
