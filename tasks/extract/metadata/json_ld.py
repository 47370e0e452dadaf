"""The JSON-LD of a page: its objects, and which of them describes the article."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from html import unescape

from lxml import html as lxml_html

from tasks.text.characters import clean_characters

__all__ = ["Json", "article_node", "as_text", "list_type", "objects_of", "types_of"]

#: Deeper or longer JSON-LD is an attack or a catalogue, not the data of an article.
MAX_DEPTH = 24
MAX_NODES = 5_000
MAX_SCRIPT = 2_000_000

_ARTICLE_TYPES = re.compile(
    r"^(?:\w*NewsArticle|\w*Article|BlogPosting|LiveBlogPosting|Report|Review|CriticReview|ClaimReview|CreativeWork"
    r"|WebPage)$"
)
# Types that name an article are preferred to these, which may also enclose an article.
_WEAK_TYPES = frozenset({"WebPage", "CreativeWork", "ClaimReview"})
#: With these types, a page calls itself a list of articles: a section, the pieces of one author, the hits of a search.
_LIST_TYPES = frozenset({"CollectionPage", "ProfilePage", "SearchResultsPage"})
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*(?:;\s*)?$"
)

# The data below these keys describe another work: the checked claim, the reviewed book, a comment, an entry of a list
# or of a live blog.
_OF_OTHERS = frozenset((
    "itemReviewed", "comment", "comments", "mentions", "citation", "isBasedOn", "review", "itemListElement", "hasPart",
    "relatedLink", "liveBlogUpdate",
))  # fmt: skip

Json = Mapping[str, object]


def objects_of(tree: lxml_html.HtmlElement) -> tuple[Json, ...]:
    """Give all objects of a page's JSON-LD, outermost first; scripts that cannot be read are left out."""
    return tuple(node for script in _scripts(tree) for node in _objects(script))


def article_node(nodes: Sequence[Json], addresses: Sequence[str | None]) -> Json:
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
        types = [name for name in types_of(node) if _ARTICLE_TYPES.match(name)]
        strong = _has_article_type(types)
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


def list_type(article: Json, nodes: Sequence[Json], addresses: Sequence[str | None]) -> str | None:
    """Give the type with which a page calls itself a list of articles; None if it describes an article or neither."""
    if _has_article_type(types_of(article)):
        return None
    own = _own(addresses)
    lists = (name for node in nodes if _names(node, own) for name in types_of(node) if name in _LIST_TYPES)
    return next(lists, None)


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


def types_of(node: Json) -> list[str]:
    """Give the types of an object, without the name of their vocabulary."""
    kind = node.get("@type")
    names = kind if isinstance(kind, list) else [kind]
    return [str(name).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in names if isinstance(name, str)]


def _has_article_type(types: Sequence[str]) -> bool:
    """Whether one of these types is that of an article, and not of what may only enclose one."""
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
