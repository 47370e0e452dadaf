"""The loopback site that serves every outlet of the sample, distinguished by the Host header.

    async with sample_site() as site:
        ...  # fetch http://harbor-ledger.example/robots.txt with connect_to = site.connect_to

It behaves like real web sites: most outlets answer conditional requests, one page has moved, one page fails at the
first request, and some links lead to no page.
"""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from html import escape
from urllib.parse import urlsplit

from aiohttp import web

from flows.sample.corpus import HERE, Corpus, OtherLink, Outlet, load_corpus
from flows.sample.listings import render_listings
from flows.sample.render import render_page

_HTML = "text/html; charset=utf-8"
_BUILT = datetime(2026, 11, 20, 6, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Resource:
    """The response of one address."""

    body: bytes
    content_type: str
    status: int = 200
    location: str = ""
    last_modified: datetime | None = None
    fails_first: bool = False

    @property
    def etag(self) -> str:
        """Strong validator of the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


@dataclass(frozen=True, slots=True)
class SampleSite:
    """A running site.

    Attributes
    ----------
    port
        Port on 127.0.0.1.
    connect_to
        Host name to ``127.0.0.1:PORT``, in the form of the fetch settings.
    """

    port: int
    connect_to: dict[str, str]


@asynccontextmanager
async def sample_site() -> AsyncIterator[SampleSite]:
    """Serve the sample on a free port of 127.0.0.1 until the block is left."""
    resources = _resources()
    already_failed: set[tuple[str, str]] = set()

    async def answer(request: web.Request) -> web.Response:
        host = request.host.partition(":")[0].lower()
        # Query strings carry only campaign tags here, so they do not select another page.
        address = (host, request.path)
        resource = resources.get(address) or _missing(host)
        if resource.fails_first and address not in already_failed:
            already_failed.add(address)
            return web.Response(status=503, text="Briefly overloaded.\n", headers={"Retry-After": "1"})
        return _respond(request, resource)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        listener = web.TCPSite(runner, "127.0.0.1", 0)
        await listener.start()
        port = runner.addresses[0][1]
        hosts = [outlet.host for outlet in load_corpus().outlets.values()]
        yield SampleSite(port, dict.fromkeys(hosts, f"127.0.0.1:{port}"))
    finally:
        await runner.cleanup()


@cache
def _resources() -> dict[tuple[str, str], Resource]:
    """Render all resources, by (host, path)."""
    corpus = load_corpus()
    resources: dict[tuple[str, str], Resource] = {}
    for outlet in corpus.outlets.values():
        resources |= {(outlet.host, path): resource for path, resource in _outlet_resources(outlet, corpus)}
    return resources


def _outlet_resources(outlet: Outlet, corpus: Corpus) -> list[tuple[str, Resource]]:
    found = [("/robots.txt", Resource(outlet.robots.lstrip().encode(), "text/plain"))]
    for path, (content_type, text) in render_listings(outlet, corpus).items():
        changed = _BUILT if outlet.validators else None
        found.append((path, Resource(text.encode(), f"{content_type}; charset=utf-8", last_modified=changed)))
    for piece in corpus.of(outlet):
        content_type = "text/plain; charset=utf-8" if piece.plain else _HTML
        changed = (piece.modified or piece.published) if outlet.validators else None
        page = Resource(
            render_page(piece, corpus),
            content_type,
            last_modified=changed,
            fails_first=piece.unavailable_once,
        )
        found.append((piece.path, page))
        if piece.moved_from:
            found.append((piece.moved_from, Resource(b"Moved.\n", "text/plain", 301, location=piece.path)))
    found += [(urlsplit(link.url).path, _other_page(link)) for link in outlet.also_listed if link.file]
    return found


def _other_page(link: OtherLink) -> Resource:
    file = HERE / "other_pages" / link.file
    return Resource(file.read_bytes(), "application/pdf" if file.suffix == ".pdf" else _HTML)


def _missing(host: str) -> Resource:
    page = f"<!doctype html><title>404</title><h1>Not found</h1><p>{escape(host)} has no such page.</p>"
    return Resource(page.encode(), _HTML, 404)


def _respond(request: web.Request, resource: Resource) -> web.Response:
    headers = {"Content-Type": resource.content_type}
    if resource.location:
        headers["Location"] = resource.location
    if resource.last_modified is not None:
        headers["ETag"] = resource.etag
        headers["Last-Modified"] = format_datetime(resource.last_modified.astimezone(UTC), usegmt=True)
        if _is_fresh(request, resource.etag, resource.last_modified):
            return web.Response(status=304, headers=headers)
    return web.Response(body=resource.body, status=resource.status, headers=headers)


def _is_fresh(request: web.Request, etag: str, last_modified: datetime) -> bool:
    """Decide as in RFC 9110, section 13.2.2: If-None-Match takes precedence over If-Modified-Since."""
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        return etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    since = request.headers.get("If-Modified-Since")
    if since is None:
        return False
    try:
        return last_modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except ValueError:
        return False
