"""The machine-readable data of a page: JSON-LD, OpenGraph and the older meta tags."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape

from lxml import html as lxml_html

from tasks.extract.metadata.element_text import heading_of, text_of
from tasks.text.characters import clean_characters

__all__ = ["PageData", "article_node", "as_text", "parse_html", "read_page_data", "too_complex"]

#: Deeper or longer JSON-LD is an attack or a catalogue, not the data of an article.
MAX_DEPTH = 24
MAX_NODES = 5_000
MAX_SCRIPT = 2_000_000
_MAX_REFERENCES = 20

_ARTICLE_TYPES = re.compile(
    r"^(?:\w*NewsArticle|\w*Article|BlogPosting|LiveBlogPosting|Report|Review|CriticReview|ClaimReview|CreativeWork"
    r"|WebPage)$"
)
# Types that name an article are preferred to these, which may also enclose an article.
_WEAK_TYPES = frozenset({"WebPage", "CreativeWork", "ClaimReview"})
#: With these types, a page calls itself a list of articles: a section, the pieces of one author, the hits of a search.
_LIST_TYPES = frozenset({"CollectionPage", "ProfilePage", "SearchResultsPage"})
_ESCAPE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*(?:;\s*)?$"
)

# Captions of the article's own pictures, without those of teasers for other articles.
_CAPTIONS = (
    "//*[self::figcaption or contains(concat(' ', @class, ' '), ' caption ') or contains(@class, 'caption-text')]"
    "[not(ancestor::a or ancestor::aside or ancestor::nav or ancestor::footer)]"
)
MAX_CAPTION = 600

#: No article has more tags or deeper nesting; the time of the libraries grows with the square of both.
MAX_TAGS = 60_000
MAX_NESTING = 2_000
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
# Elements that need no end tag cannot be nested.
_LEAVES = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "th",
        "tr",
        "tbody",
        "thead",
        "dt",
        "dd",
        "option",
    ]
)

# The data below these keys describe another work: the checked claim, the reviewed book, a comment, an entry of a list
# or of a live blog.
_OF_OTHERS = frozenset(
    {"itemReviewed", "comment", "comments", "mentions", "citation", "isBasedOn", "review"}
) | {
    "itemListElement",
    "hasPart",
    "relatedLink",
    "liveBlogUpdate",
}

Json = Mapping[str, object]


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
    listing
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
    listing: str | None = None

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
        return tuple(_types(self.article))


def parse_html(page: str) -> lxml_html.HtmlElement | None:
    """Parse a page into a tree; None if there is nothing to parse.

    An XML declaration with an encoding is removed first, because the characters are already decoded.
    """
    stripped = re.sub(r"^\s*<\?xml[^>]*\?>", "", page)
    if not stripped.strip():
        return None
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=False)
    try:
        return lxml_html.document_fromstring(stripped.encode("utf-8"), parser=parser)
    except (ValueError, AssertionError, lxml_html.etree.LxmlError):
        # Empty documents, and documents that exceed the parser's own limits.
        return None


def too_complex(page: str) -> str | None:
    """Say why the structure of a page cannot be that of an article; None for an ordinary page."""
    tags = page.count("<")
    if tags > MAX_TAGS:
        return f"{tags:,} tags: no article is built like this"
    depth = deepest = 0
    if tags > MAX_NESTING:
        for match in _TAG.finditer(page):
            if match[2].lower() not in _LEAVES:
                depth = max(0, depth + (-1 if match[1] else 1))
                deepest = max(deepest, depth)
    return f"tags nested {deepest:,} deep: no article is built like this" if deepest > MAX_NESTING else None


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
    nodes = tuple(node for script in _scripts(tree) for node in _objects(script))
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
        listing=None if _is_strong(_types(article)) else _listing(nodes, addresses),
    )


def _unescaped_again(content: str) -> str:
    """Read the escapes that are left in a meta tag: many systems escape its text twice ("News &amp;amp; Views").

    Only those with a semicolon: "&copy=2" is a part of an address.
    """
    return _ESCAPE.sub(lambda escape: unescape(escape[0]), content)


def article_node(nodes: tuple[Json, ...], addresses: Sequence[str | None] = ()) -> Json:
    """Choose the JSON-LD object that describes the article.

    An object of a stronger type is preferred, then one that states the page's own address, then one with more data. A
    live blog with that address is the page, whatever else has it; one without is rather beside an article.

    Parameters
    ----------
    nodes
        All objects of the page.
    addresses
        The addresses that the page gives as its own.
    """
    own = _own(addresses)

    def strength(node: Json) -> tuple[int, bool, bool, int]:
        types = [name for name in _types(node) if _ARTICLE_TYPES.match(name)]
        strong = _is_strong(types)
        properties = sum(
            1
            for key in ("headline", "datePublished", "author", "articleBody", "articleSection")
            if node.get(key)
        )
        # The address alone does not make a node without data the article.
        named = properties > 0 and _names(node, own)
        is_live = "LiveBlogPosting" in types
        return (2 if strong else 1 if types and properties else 0, named, is_live == named, properties)

    best = max(nodes, key=strength, default={})
    return best if best and strength(best)[0] else {}


def _listing(nodes: Sequence[Json], addresses: Sequence[str | None]) -> str | None:
    own = _own(addresses)
    lists = (name for node in nodes if _names(node, own) for name in _types(node) if name in _LIST_TYPES)
    return next(lists, None)


def _is_strong(types: Sequence[str]) -> bool:
    return any(_ARTICLE_TYPES.match(name) and name not in _WEAK_TYPES for name in types)


def _own(addresses: Sequence[str | None]) -> set[str]:
    return {_address(address) for address in addresses} - {""}


def _names(node: Json, own: set[str]) -> bool:
    """Say whether an object has one of the page's own addresses."""
    return any(_address(node.get(key)) in own for key in ("url", "@id", "mainEntityOfPage"))


def _address(value: object) -> str:
    """Reduce an address, or a node that has one, to what is the same in all its spellings."""
    if isinstance(value, Mapping):
        value = value.get("@id") or value.get("url")
    text = value.strip().casefold() if isinstance(value, str) else ""
    return re.sub(r"^(?:https?:)?//(?:www\.)?", "", text.partition("#")[0]).rstrip("/")


def as_text(value: object) -> str | None:
    """Read a JSON-LD value as one string: itself, or its name, or the first of a list."""
    if isinstance(value, str):
        # Templates write HTML escapes in JSON too.
        return " ".join(unescape(value).split()) or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Mapping):
        return as_text(value.get("name") or value.get("@value") or value.get("@id"))
    if isinstance(value, list):
        return next((text for entry in value if (text := as_text(entry))), None)
    return None


def _types(node: Json) -> list[str]:
    kind = node.get("@type")
    names = kind if isinstance(kind, list) else [kind]
    return [str(name).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in names if isinstance(name, str)]


def _scripts(tree: lxml_html.HtmlElement) -> Iterator[object]:
    for element in tree.iter("script"):
        if "ld+json" not in (element.get("type") or "").lower():
            continue
        source = element.text_content()
        if not source or len(source) > MAX_SCRIPT:
            continue
        try:
            yield _read_json(_WRAPPING.sub("", source.strip()))
        except (ValueError, RecursionError):
            # Extra commas at the end are a common error; other errors are not repaired.
            try:
                yield _read_json(re.sub(r",\s*([}\]])", r"\1", source.strip()))
            except (ValueError, RecursionError):
                continue


def _read_json(source: str) -> object:
    # The characters of a page are clean, but an escape in JSON can be any character, also half of a pair ("\ud83d").
    return json.loads(source, strict=False, object_hook=_with_clean_texts)


def _with_clean_texts(read: dict[str, object]) -> Json:
    return {key: _cleaned(value) for key, value in read.items()}


def _cleaned(value: object) -> object:
    # The objects in a list are already clean, because JSON is read from the inside out.
    if isinstance(value, list):
        return [_cleaned(entry) for entry in value]
    return clean_characters(value) if isinstance(value, str) else value


def _objects(root: object) -> Iterator[Json]:
    waiting: deque[tuple[object, int]] = deque([(root, 0)])
    seen = 0
    while waiting and seen < MAX_NODES:
        value, depth = waiting.popleft()
        seen += 1
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, Mapping):
            yield value
            waiting.extend(
                (child, depth + 1)
                for key, child in value.items()
                if isinstance(child, Mapping | list) and key not in _OF_OTHERS
            )
        elif isinstance(value, list):
            waiting.extend((child, depth + 1) for child in value if isinstance(child, Mapping | list))


def _linked(tree: lxml_html.HtmlElement, relation: str) -> str | None:
    for element in tree.iter("link"):
        if relation in (element.get("rel") or "").lower().split():
            return (element.get("href") or "").strip() or None
    return None
