"""Makes the page of a piece, as its outlet would serve it.

Each outlet has one template: a whole HTML page with ``$names`` to fill in, and blocks ``<!--if name--> ... <!--end-->``
that stay only if the name is not empty. The templates are meant to differ in markup, in the text around the article,
and in the amount of metadata.
"""

import json
import re
from functools import cache
from html import escape
from string import Template

from flows.sample.corpus import HERE, Corpus, Piece

_OPTIONAL = re.compile(r"<!--if (\w+)-->(.*?)<!--end-->", re.DOTALL)
_TEASER_PARAGRAPHS = 2


def render_page(piece: Piece, corpus: Corpus) -> bytes:
    """Give the body of the HTTP response for a piece, in UTF-8 unless the piece is damaged."""
    if piece.plain:
        return _plain_text(piece).encode()
    page = _fill(_template(piece.outlet.key), _fields(piece, corpus))
    return _damage(page) if piece.damaged else page.encode()


def render_blocks(paragraphs: tuple[str, ...]) -> str:
    """Turn source blocks into HTML elements, one per line."""
    return "\n".join(_block(block) for block in paragraphs)


def description(piece: Piece) -> str:
    """Describe the piece in one line: by its subtitle, or by the beginning of its text."""
    return piece.subtitle or _plain(piece.paragraphs[0])[:155].rsplit(" ", 1)[0] + "…"


def _fields(piece: Piece, corpus: Corpus) -> dict[str, str]:
    outlet = piece.outlet
    shown = piece.paragraphs[:_TEASER_PARAGRAPHS] if piece.paywalled else piece.paragraphs
    others = [other for other in corpus.of(outlet) if other.key != piece.key and not other.plain][:4]
    related = "\n".join(f'<li><a href="{other.path}">{escape(other.title)}</a></li>' for other in others)
    text = {
        "title": piece.title,
        "subtitle": piece.subtitle,
        "description": description(piece),
        "authors": " and ".join(piece.authors),
        "bio": piece.bio,
        "note": piece.note,
        "caption": piece.caption,
        "credit": piece.credit,
        "section": piece.section,
        "tags": ", ".join(piece.tags),
        "language": piece.language,
        "locale": piece.language.replace("-", "_"),
        "url": piece.url,
        "published": piece.published.isoformat(),
        "modified": (piece.modified or piece.published).isoformat(),
        "date": piece.published.strftime(outlet.date_format),
        "outlet": outlet.name,
        "tagline": outlet.tagline,
        "paywalled": "yes" if piece.paywalled else "",
        "whole": "" if piece.paywalled else "yes",
    }
    fields = {name: escape(value) for name, value in text.items()}
    return fields | {"body": render_blocks(shown), "related": related, "json_ld": _json_ld(piece)}


def _json_ld(piece: Piece) -> str:
    outlet = piece.outlet
    types = {"news": "NewsArticle", "opinion": "OpinionNewsArticle", "letter": "OpinionNewsArticle"}
    data = {
        "@context": "https://schema.org",
        "@type": types[piece.kind],
        "mainEntityOfPage": {"@type": "WebPage", "@id": piece.url},
        "headline": piece.title,
        "alternativeHeadline": piece.subtitle,
        "description": description(piece),
        "author": [{"@type": "Person", "name": name} for name in piece.authors],
        "datePublished": piece.published.isoformat(),
        "dateModified": (piece.modified or piece.published).isoformat(),
        "articleSection": piece.section,
        "keywords": list(piece.tags),
        "wordCount": piece.word_count,
        "inLanguage": piece.language,
        "isAccessibleForFree": not piece.paywalled,
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name, "url": outlet.root},
    }
    given = {name: value for name, value in data.items() if value != ""}
    return json.dumps(given, ensure_ascii=False, indent=1)


def _plain_text(piece: Piece) -> str:
    photo = [f"{piece.caption} /{piece.credit}"] if piece.caption else []
    note = [f"Editor's note: {piece.note}"] if piece.note else []
    return "\n".join([*photo, *note, *(_plain(block) for block in piece.paragraphs)]) + "\n"


def _block(block: str) -> str:
    if block.startswith("## "):
        return f"<h2>{_inline(block[3:])}</h2>"
    if block.startswith("> "):
        return f"<blockquote><p>{_inline(block[2:])}</p></blockquote>"
    if block.startswith("| "):
        return f'<aside class="pullquote"><p>{_inline(block[2:])}</p></aside>'
    return f"<p>{_inline(block)}</p>"


def _inline(text: str) -> str:
    linked = re.sub(r"\[([^\]]+)\]\(([^)]+)\)", r'<a href="\2">\1</a>', escape(text, quote=False))
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", linked)


def _plain(block: str) -> str:
    text = re.sub(r"^(?:## |> |\| )", "", block)
    return re.sub(r"\*([^*]+)\*", r"\1", re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text))


def _fill(template: str, fields: dict[str, str]) -> str:
    kept = _OPTIONAL.sub(lambda match: match[2] if fields[match[1]] else "", template)
    return Template(kept).substitute(fields)


@cache
def _template(outlet: str) -> str:
    return (HERE / "templates" / f"{outlet}.html").read_text(encoding="utf-8")


def _damage(page: str) -> bytes:
    """Damage a page as an old content system does: remove the closing tags and send one byte of another encoding."""
    torn = page.replace("</p>", "").replace("</article>", "").replace("</html>", "").replace("</body>", "")
    head, heading, text = torn.encode().partition(b"<h1>")
    return head + heading + text.replace(b"'", b"\x92", 1)
