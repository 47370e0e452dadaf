"""The articles of the sample as files: one Markdown file each, with TOML front matter.

A file ``articles/<outlet>/<slug>.md`` starts with TOML between two ``+++`` lines. Paragraphs follow, separated by blank
lines. ``## `` starts a subheading, ``> `` a block quotation, ``| `` a pull quote (which repeats a sentence of the text,
as in newspapers). The only other marks are ``*emphasis*`` and ``[text](url)``.

The text of a syndicated copy is not stored twice: its front matter names the original (``copy_of``) and the paragraphs
that an editor removed (``cut``), and its own body is the boilerplate that the reprinting outlet added.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class OtherLink:
    """A link in a listing that does not lead to one of the outlet's articles.

    ``file`` is the file in the folder ``other_pages`` that is served at its URL; empty if there is none.
    """

    title: str
    url: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented newspaper, magazine or blog.

    Attributes
    ----------
    key
        Name of its folder under ``articles/`` and of its template.
    host
        Host name; always under ``.example``, which no real site can have.
    path
        Format of an article's path, with the fields of :class:`Piece`.
    listing
        Path of the feed, sitemap or section page that lists its articles; empty if there is none.
    listing_kind
        ``rss``, ``atom``, ``jsonfeed``, ``sitemap``, ``section`` or ``none``.
    validators
        Whether its pages have ETag and Last-Modified.
    also_listed
        Further links of the listing: pages that are broken, gone or not articles.
    """

    key: str
    host: str
    name: str
    language: str
    path: str
    listing: str
    listing_kind: str
    date_format: str
    tagline: str
    validators: bool = True
    robots: str = "User-agent: *\nDisallow:\n"
    also_listed: tuple[OtherLink, ...] = ()

    @property
    def root(self) -> str:
        """URL of the outlet without a path."""
        return f"http://{self.host}"


@dataclass(frozen=True, slots=True)
class Piece:
    """One article and the data that are needed to serve it.

    Attributes
    ----------
    body
        Source text in the small Markdown of this module.
    kind
        ``opinion``, ``news`` or ``letter``.
    own_path
        Path on the site, if it differs from the outlet's pattern.
    moved_from
        A former path that redirects to the present one; the outlet's listing still gives the former path.
    unavailable_once
        Whether the first request for it is answered with 503.
    damaged
        Whether it is served with an invalid byte and unclosed tags.
    paywalled
        Whether only a teaser is served.
    plain
        Whether it is served as ``text/plain``.
    copy_of
        ``outlet/slug`` of the original of a syndicated copy.
    """

    outlet: Outlet
    slug: str
    title: str
    authors: tuple[str, ...]
    published: datetime
    body: str
    subtitle: str = ""
    modified: datetime | None = None
    section: str = "Opinion"
    tags: tuple[str, ...] = ()
    kind: str = "opinion"
    language: str = ""
    caption: str = ""
    credit: str = ""
    bio: str = ""
    note: str = ""
    own_path: str = ""
    moved_from: str = ""
    unavailable_once: bool = False
    damaged: bool = False
    paywalled: bool = False
    plain: bool = False
    copy_of: str = ""
    cut: tuple[int, ...] = field(default=(), repr=False)

    @property
    def key(self) -> str:
        """``outlet/slug``, the name of its file without the ending."""
        return f"{self.outlet.key}/{self.slug}"

    @property
    def path(self) -> str:
        """Path on the outlet's site."""
        return self.own_path or self.outlet.path.format(published=self.published, slug=self.slug)

    @property
    def url(self) -> str:
        """Address at which it is served."""
        return self.outlet.root + self.path

    @property
    def listed_url(self) -> str:
        """Address that the outlet's listing gives, which may redirect."""
        return self.outlet.root + (self.moved_from or self.path)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Blocks of the body, in order."""
        return tuple(" ".join(block.split()) for block in self.body.split("\n\n") if block.strip())

    @property
    def word_count(self) -> int:
        """Number of words in the body, without pull quotes, because they repeat it."""
        return sum(
            len(block.lstrip("#> ").split()) for block in self.paragraphs if not block.startswith("| ")
        )


@dataclass(frozen=True, slots=True)
class Corpus:
    """Every outlet and every piece of the sample."""

    outlets: Mapping[str, Outlet]
    pieces: Mapping[str, Piece]

    def of(self, outlet: Outlet) -> list[Piece]:
        """List the pieces of an outlet, newest first."""
        mine = (piece for piece in self.pieces.values() if piece.outlet.key == outlet.key)
        return sorted(mine, key=lambda piece: piece.published, reverse=True)


@cache
def load_labels() -> Mapping[str, Any]:
    """Read the expected answers for the pieces and links (``labels.toml``): outcomes, topics, stances."""
    return tomllib.loads((HERE / "labels.toml").read_text(encoding="utf-8"))


@cache
def load_corpus() -> Corpus:
    """Read the outlets and all articles from this folder."""
    entries = tomllib.loads((HERE / "outlets.toml").read_text(encoding="utf-8"))
    outlets = {key: _outlet(key, entry) for key, entry in entries.items()}
    files = sorted((HERE / "articles").glob("*/*.md"))
    pieces = [_piece(file, outlets[file.parent.name]) for file in files]
    originals = {piece.key: piece for piece in pieces}
    return Corpus(outlets, {piece.key: _with_copied_text(piece, originals) for piece in pieces})


def _outlet(key: str, entry: dict[str, Any]) -> Outlet:
    also_listed = tuple(OtherLink(**link) for link in entry.pop("also_listed", ()))
    return Outlet(key=key, also_listed=also_listed, **entry)


def _piece(file: Path, outlet: Outlet) -> Piece:
    _, front_matter, body = file.read_text(encoding="utf-8").split("+++\n", 2)
    entry: dict[str, Any] = tomllib.loads(front_matter)
    entry |= {name: tuple(entry.get(name, ())) for name in ("authors", "tags", "cut")}
    entry.setdefault("language", outlet.language)
    return Piece(outlet=outlet, slug=file.stem, body=body.strip(), **entry)


def _with_copied_text(piece: Piece, originals: Mapping[str, Piece]) -> Piece:
    if not piece.copy_of:
        return piece
    original = originals[piece.copy_of]
    kept = [block for number, block in enumerate(original.paragraphs) if number not in piece.cut]
    return replace(piece, body="\n\n".join([*kept, piece.body]), authors=piece.authors or original.authors)
