"""Made-up pieces with words of their own, one in each place where something of a piece is stored.

A piece is named by its canonical address. Feeds list it under other addresses. Two words of a piece, or of two
revisions, never agree, so that each file that holds one of them shows what of which piece is left.
"""

from __future__ import annotations

import pyarrow as pa

from tests.warehouse import nights
from tests.warehouse.given_answers import given
from tests.warehouse.nights import SECOND_MODEL, TARGETS, hash32, table
from warehouse.annotations.annotation import Annotation

MIRROR = "The Mirror"
"""The outlet of all copies."""

_IN_REVISION = ("title", "author", "text", "evidence", "note", "caption", "reason", "etag", "failure")
_IN_LISTING = ("headline", "listed author")
_IN_COPY = ("headline", "listed author", "reason")
_OF_PEOPLE = ("opinion",)
_FEEDS = "https://feeds.example"

Rows = dict[str, pa.Table]


def word(url: str, place: str, revision: int = 1) -> str:
    """Return a word that is stored nowhere else."""
    return f"w{hash32(f'{url} {place} {revision}')[:19]}"


def ends(words: set[str]) -> list[str]:
    """Return the ends of words, by which they are sought: an index may not store how a word begins."""
    return sorted(word[-14:] for word in words)


def words_of(url: str, revisions: int) -> set[str]:
    """Return the words that are stored with an article of so many revisions, or with a copy if it has none."""
    if not revisions:
        return {word(url, place) for place in _IN_COPY}
    of_revisions = {word(url, place, number + 1) for number in range(revisions) for place in _IN_REVISION}
    return of_revisions | {word(url, place) for place in _IN_LISTING}


def all_words_of(url: str, revisions: int) -> set[str]:
    """Return also the words that people may have written about it."""
    return words_of(url, revisions) | {word(url, place) for place in _OF_PEOPLE}


def listed(url: str, again: int = 0) -> str:
    """Return an address under which a feed lists the piece with the canonical address ``url``."""
    return f"{_FEEDS}/{again}?{url}"


def final(url: str) -> str:
    """Return the address to which redirects lead from each address under which a feed lists an article."""
    return f"https://www.example/final?{url}"


def canonical(address: str) -> str:
    """Return the piece to which ``address`` leads."""
    return address.partition("?")[2]


def copy_of(url: str) -> str:
    """Return the canonical address of the copy of a piece in another outlet."""
    return f"https://mirror.example/{hash32(url)[:8]}"


def outlet_of(url: str) -> str:
    """Return the outlet of a piece."""
    number = url.rpartition("/")[2]
    return MIRROR if url.startswith("https://mirror.") else nights.OUTLETS[int(number) % 3]


def as_item(address: str) -> dict[str, object]:
    """Make the row that is stored for an address when a feed lists it."""
    url = canonical(address)
    found = {"url": address, "article_id": hash32(address), "source": "feeds", "discovered_at": nights.START}
    hints = {"title_hint": word(url, "headline"), "authors_hint": ["A. Writer", word(url, "listed author")]}
    return found | hints | {"outlet": MIRROR if outlet_of(url) == MIRROR else None}


def outcome(address: str, name: str, reason: str) -> dict[str, object]:
    """Make the outcome of an address that has been read, with the article to which it leads."""
    row = {"url": address, "source": "feeds", "outcome": name, "reason": reason, "stage": "load"}
    return row | {"article_id": hash32(canonical(address)), "decided_at": nights.START}


def text_of(url: str, revision: int) -> str:
    """Return the text of a piece, of the same length for all pieces; its last sentence is the evidence."""
    first = f"They say {word(url, 'text', revision)} is cheap."
    return f"{first} {nights.SENTENCE} Nobody asked {word(url, 'evidence', revision)}."


def batch_of(number: int, revision: int = 1) -> Rows:
    """Make all rows of a batch of two articles, each listed under another address than its canonical one."""
    some_text = text_of(nights.url(1, number, 0), revision)
    rows = nights.batch(1, number, articles=2, revision=revision, text=some_text)
    urls = {row["article_id"]: row["url"] for row in rows["article"].to_pylist()}

    def changed(name: str, **values: object) -> pa.Table:
        def value(url: str, told: object) -> object:
            if isinstance(told, list):
                return [word(url, str(place), revision) for place in told]
            return word(url, told, revision) if isinstance(told, str) else told

        return table(
            [
                row | {column: value(urls[row["article_id"]], told) for column, told in values.items()}
                for row in rows[name].to_pylist()
            ]
        )

    texts = changed("article_text", note="note", caption="caption").to_pylist()
    start = some_text.index(" Nobody") + 1
    name = "loaded" if revision == 1 else "revised"
    made = {
        "article": changed("article", title="title", authors=["author"]),
        "article_text": table([row | {"text": text_of(urls[row["article_id"]], revision)} for row in texts]),
        "evidence": changed("evidence", start=start, end=len(some_text)),
        "outcome": table(
            [outcome(listed(url), name, word(url, "reason", revision)) for url in urls.values()]
        ),
        "visit": table([_visit(url, revision) for url in urls.values()]),
        "second_reading": table([_failure(url, revision) for url in urls.values()]),
    }
    if revision == 1:
        made["item"] = table([as_item(listed(url)) for url in urls.values()])
    return rows | made


def revision_of(url: str, number: int, revision: int) -> Rows:
    """Make the rows of a later revision of one article of a batch."""
    rows = batch_of(number, revision)
    mine = {hash32(url), url, listed(url)}
    return {
        name: table(kept)
        for name, made in rows.items()
        if (kept := [row for row in made.to_pylist() if row.get("article_id", row.get("url")) in mine])
    }


def copy_rows(url: str) -> Rows:
    """Make the rows of a copy of an article: of a copy, only these are stored."""
    copy = copy_of(url)
    same = {"article_id": hash32(copy), "url": copy, "duplicate_of": hash32(url), "outlet": MIRROR}
    return {
        "item": table([as_item(listed(copy))]),
        "duplicate": table([same | {"how": "near", "similarity": 0.9, "found_at": nights.START}]),
        "outcome": table([outcome(listed(copy), "duplicate", word(copy, "reason"))]),
    }


def opinion_on(url: str, number: int) -> Annotation:
    """Make a person's answer about an article."""
    return given(number, url=url, annotator=f"mo on {hash32(url)[:6]}", note=word(url, "opinion"))


def _visit(url: str, revision: int) -> dict[str, object]:
    fetched_at = nights.START.replace(minute=revision)
    return {
        "url": listed(url),
        "resource": "page",
        "fetched_at": fetched_at,
        "final_url": final(url),
        "etag": word(url, "etag", revision),
    }


def _failure(url: str, revision: int) -> dict[str, object]:
    asked = {
        "article_id": hash32(url),
        "revision": revision,
        "model_version": SECOND_MODEL,
        "asked_with": "prompt-1",
    }
    ended = {"why": "all", "targets": list(TARGETS), "answered": 0, "outcome": "refused"}
    counts = {"requests": 1, "tokens_in": 9, "tokens_out": 9, "seconds": 0.5, "asked_at": nights.START}
    return asked | ended | counts | {"reason": word(url, "failure", revision)}
