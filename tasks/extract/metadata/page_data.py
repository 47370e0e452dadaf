"""The machine-readable data of a page: JSON-LD, OpenGraph and the older meta tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

from lxml import html as lxml_html

from tasks.extract.metadata.element_text import heading_of, text_of
from tasks.extract.metadata.json_ld import (
    Json,
    article_node,
    list_type,
    objects_of,
    types_of,
)

__all__ = ["PageData", "read_page_data"]

_MAX_REFERENCES = 20
_ESCAPE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});")

# Captions of the article's own pictures, without those of teasers for other articles.
_CAPTIONS = (
    "//*[self::figcaption or contains(concat(' ', @class, ' '), ' caption ') or contains(@class, 'caption-text')]"
    "[not(ancestor::a or ancestor::aside or ancestor::nav or ancestor::footer)]"
)
MAX_CAPTION = 600


@dataclass(frozen=True, slots=True)
class PageData:
    """The machine-readable data of a page.

    Attributes
    ----------
    meta
        Meta tags by lower-case name or property, each with its values in page order.
    nodes
        All JSON-LD objects found, outermost first.
    article
        The JSON-LD object that describes the article, or an empty one.
    canonical, next_page
        ``<link rel=canonical>`` and ``<link rel=next>`` as written.
    language
        The ``lang`` of the ``<html>`` element.
    title_tag, h1
        Text of ``<title>``, and of the first-level headings.
    captions
        Texts of ``<figcaption>`` elements.
    list_type
        The JSON-LD type with which the page calls itself a list of articles; None if it describes an article.
    """

    meta: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nodes: tuple[Json, ...] = ()
    article: Json = field(default_factory=dict)
    canonical: str | None = None
    next_page: str | None = None
    language: str | None = None
    title_tag: str | None = None
    h1: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    list_type: str | None = None

    def first(self, *names: str) -> str | None:
        """Return the first value of the first of these meta tags that has one."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value
        return None

    def named(self, value: object) -> object:
        """Give the object of a reference inside the page's JSON-LD (``{"@id": ...}``); other values are unchanged."""
        if isinstance(value, list):
            return [self.named(entry) for entry in value[:_MAX_REFERENCES]]
        if isinstance(value, Mapping) and (key := value.get("@id")) and not value.get("name"):
            return next((node for node in self.nodes if node.get("@id") == key and node.get("name")), value)
        return value

    def types(self) -> tuple[str, ...]:
        """Return the JSON-LD types of the article."""
        return tuple(types_of(self.article))


def read_page_data(tree: lxml_html.HtmlElement | None, url: str | None = None) -> PageData:
    """Collect the machine-readable data of a page; it never fails, and broken data are left out.

    Parameters
    ----------
    tree
        The page; None if nothing could be parsed.
    url
        The address that was fetched. An object with this address describes the article, and not a related one.
    """
    if tree is None:
        return PageData()
    meta: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = " ".join(_unescaped_again(element.get("content") or "").split())
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(attribute) or "").strip().lower()
            if name and content:
                meta.setdefault(name, []).append(content)
    nodes = objects_of(tree)
    canonical = _linked(tree, "canonical")
    addresses = [url, canonical, *meta.get("og:url", ())]
    article = article_node(nodes, addresses)
    return PageData(
        meta={name: tuple(values) for name, values in meta.items()},
        nodes=nodes,
        article=article,
        canonical=canonical,
        next_page=_linked(tree, "next"),
        language=(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()
        or None,
        title_tag=_unescaped_again(text_of(next(tree.iter("title"), None)) or "") or None,
        h1=tuple(text for element in tree.iter("h1") if (text := heading_of(element))),
        captions=tuple(
            text
            for element in tree.xpath(_CAPTIONS)
            if (text := text_of(element)) and len(text) <= MAX_CAPTION
        ),
        list_type=list_type(article, nodes, addresses),
    )


def _linked(tree: lxml_html.HtmlElement, relation: str) -> str | None:
    for element in tree.iter("link"):
        if relation in (element.get("rel") or "").lower().split():
            return (element.get("href") or "").strip() or None
    return None


def _unescaped_again(content: str) -> str:
    """Read the escapes that are left in a meta tag: many systems escape its text twice ("News &amp;amp; Views").

    Only those with a semicolon: "&copy=2" is a part of an address.
    """
    return _ESCAPE.sub(lambda escape: unescape(escape[0]), content)
