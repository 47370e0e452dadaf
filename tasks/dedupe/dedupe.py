"""The dedupe station: each article is counted once, compared with everything ever stored.

The checks run in this order, the cheapest and most certain first: the same address, the same words, then near-copies by
signature bands and by the share of the article that the other one contains. A stored article stays canonical; within a
batch, the article published first is canonical. The text of a copy is not stored. The copy is recorded with the article
it copies, the check that found it, and the share of it that is the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from tasks.article import Article, ArticleKey
from tasks.dedupe.minhash import ALGORITHM, MIN_WORDS, UInt64s, bands_of, share_contained, shingle_hashes
from tasks.outcome import Outcome, OutcomeName
from warehouse import Writer

__all__ = ["Deduped", "Duplicate", "dedupe_batch"]

# An article is a copy if another one contains at least this part of its shingles. What counts is the article's own
# length, also if the other text is shorter: a reply that quotes its opponent in full contains the whole of the shorter
# text and still has an argument of its own.
_COPIED = 0.6
# In a text with fewer shingles than this, lines that an outlet prints below every letter may be more than half of it.
_SHORT = 200
_COPIED_OF_A_SHORT_TEXT = 0.7

How = Literal["url", "text", "near"]

_INCOMING: Mapping[str, pa.DataType] = {"article_id": pa.string(), "text_hash": pa.string()}
_INCOMING_BAND: Mapping[str, pa.DataType] = {
    "article_id": pa.string(),
    "algorithm": pa.string(),
    "band": pa.int16(),
    "hash": pa.uint64(),
}


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A copy, and the article that it copies.

    Attributes
    ----------
    article
        The copy.
    duplicate_of
        ``article_id`` of the canonical article.
    how
        ``text`` (the same words) or ``near``; ``url`` if the batch held the same address twice (this has an outcome,
        but no row in table ``duplicate``).
    similarity
        Share of the copy's word 5-grams that the other text contains, 0 to 1.
    """

    article: Article
    duplicate_of: str
    how: How
    similarity: float


@dataclass(frozen=True, slots=True)
class Deduped:
    """The result for a batch; every article of it is in exactly one of the first four fields.

    Attributes
    ----------
    new, revised
        Articles to be stored and classified, with ``revision`` set.
    unchanged
        Articles that are already stored with the same words, or recorded as copies.
    duplicates
        Copies of stored articles or of other articles in this batch.
    bands
        The signature bands of ``new`` and ``revised``, by article id; a text of a few words has none.
    outcomes
        One for each article of the batch, under the URL of its item.
    """

    new: tuple[Article, ...]
    revised: tuple[Article, ...]
    unchanged: tuple[Article, ...]
    duplicates: tuple[Duplicate, ...]
    bands: Mapping[str, tuple[int, ...]]
    outcomes: tuple[Outcome, ...]


def dedupe_batch(articles: Sequence[Article], writer: Writer) -> Deduped:
    """Separate new articles from copies, revisions and unchanged articles.

    The function is deterministic: the result depends on the articles and on the stored ones, not on the order of the
    articles. ``new``, ``revised`` and ``unchanged`` are in canonical order: by publication, with articles without a
    date last, then by URL, and then by the URL of the item. ``duplicates`` begins with those whose address came twice.

    Parameters
    ----------
    articles
        The articles of one micro-batch.
    writer
        The writer of the warehouse with the stored articles.
    """
    return _Batch(writer).sort_out(articles)


@dataclass(slots=True)
class _Signature:
    shingles: UInt64s
    bands: UInt64s


@dataclass(slots=True)
class _Batch:
    """One batch while it is processed."""

    writer: Writer
    new: list[Article] = field(default_factory=list)
    revised: list[Article] = field(default_factory=list)
    unchanged: list[Article] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    # For this batch: the articles seen so far by address, by words, and by band.
    taken: set[str] = field(default_factory=set)
    by_text: dict[str, str] = field(default_factory=dict)
    by_band: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    signatures: dict[str, _Signature] = field(default_factory=dict)

    def sort_out(self, articles: Sequence[Article]) -> Deduped:
        ordered = sorted(articles, key=_canonical_order)
        incoming = {"incoming": _incoming(ordered)}
        known = self.writer.query_file("known_text", tables=incoming).to_pylist() if ordered else []
        own = {row["article_id"]: row for row in known if row["how"] == "url"}
        copies = {row["article_id"]: row["known_id"] for row in known if row["how"] == "copy"}
        same_words: dict[str, str] = {}
        for row in sorted(
            (row for row in known if row["how"] == "text"), key=lambda row: str(row["known_id"])
        ):
            same_words.setdefault(row["article_id"], row["known_id"])
        waiting: list[Article] = []
        for article in ordered:
            stored = own.get(article.article_id)
            if article.article_id in self.taken:
                self._duplicate(article, article.article_id, "url", 1.0)
            elif stored is not None and stored["text_hash"] == article.text_hash:
                self._unchanged(article, f"the same text as revision {stored['revision']}, already stored")
            elif stored is None and article.article_id in copies:
                original = copies[article.article_id] or "an article that was taken down"
                self._unchanged(article, f"on record as a copy of {original}")
            else:
                waiting.append(article)
            self.taken.add(article.article_id)
        signed = [article for article in waiting if self._sign(article)]
        near = self._stored_near([article for article in signed if article.article_id not in own])
        for article in waiting:
            self._place(article, own.get(article.article_id), same_words.get(article.article_id), near)
        return Deduped(
            tuple(self.new),
            tuple(self.revised),
            tuple(self.unchanged),
            tuple(self.duplicates),
            self._bands(),
            tuple(self.outcomes),
        )

    def _place(
        self,
        article: Article,
        stored: Mapping[str, Any] | None,
        same_words: str | None,
        near: Mapping[str, tuple[str, float]],
    ) -> None:
        """Decide on one article that is not stored in this form."""
        name = article.article_id
        if stored is not None:
            # A stored article keeps its identity, even if its new text resembles another article.
            self._keep(replace(article, revision=stored["revision"] + 1), revised=True)
        elif same_words is not None:
            self._duplicate(article, same_words, "text", 1.0)
        elif article.text_hash in self.by_text:
            self._duplicate(article, self.by_text[article.text_hash], "text", 1.0)
        elif name in near:
            self._duplicate(article, near[name][0], "near", near[name][1])
        elif (nearest := self._near_in_batch(name)) is not None:
            self._duplicate(article, nearest[0], "near", nearest[1])
        else:
            self._keep(replace(article, revision=1), revised=False)

    def _sign(self, article: Article) -> bool:
        if article.word_count < MIN_WORDS:
            return False
        shingles = shingle_hashes(article.text)
        self.signatures[article.article_id] = _Signature(shingles, bands_of(shingles))
        return bool(len(shingles))

    def _stored_near(self, articles: Sequence[Article]) -> dict[str, tuple[str, float]]:
        """Find the best stored near-copy of each article: the most contained one, then by id."""
        if not articles:
            return {}
        rows = self.writer.near_duplicates(_incoming_bands(articles, self.signatures))
        best: dict[str, tuple[str, float]] = {}
        texts: dict[ArticleKey, UInt64s] = {}
        for row in rows.select(["article_id", "candidate_id", "revision", "text"]).to_pylist():
            name, candidate = row["article_id"], row["candidate_id"]
            key = (candidate, row["revision"])
            # Another run may have stored the article itself since the batch began.
            if candidate == name or row["text"] is None:
                continue
            if key not in texts:
                texts[key] = shingle_hashes(row["text"])
            share = _share_copied(self.signatures[name].shingles, texts[key])
            if share is not None:
                near_copy = (candidate, share)
                best[name] = min(best.get(name, near_copy), near_copy, key=lambda pair: (-pair[1], pair[0]))
        return best

    def _near_in_batch(self, name: str) -> tuple[str, float] | None:
        signature = self.signatures.get(name)
        if signature is None:
            return None
        rivals = {rival for key in _band_keys(signature.bands) for rival in self.by_band.get(key, ())}
        good = [
            (rival, share)
            for rival in rivals
            if (share := _share_copied(signature.shingles, self.signatures[rival].shingles)) is not None
        ]
        return min(good, key=lambda pair: (-pair[1], pair[0])) if good else None

    def _keep(self, article: Article, *, revised: bool) -> None:
        name = article.article_id
        (self.revised if revised else self.new).append(article)
        self.by_text.setdefault(article.text_hash, name)
        if signature := self.signatures.get(name):
            for key in _band_keys(signature.bands):
                self.by_band[key].append(name)
        if revised:
            self._end(article, "revised", f"its text has changed: stored as revision {article.revision}")
        else:
            self._end(article, "loaded", f"new: {article.word_count} words")

    def _duplicate(self, article: Article, of: str, how: How, similarity: float) -> None:
        self.duplicates.append(Duplicate(article, of, how, similarity))
        reasons = {
            "url": f"the same address came twice in this batch: it is article {of}",
            "text": f"word for word the text of article {of}",
            "near": f"{similarity:.0%} of it stands in article {of}",
        }
        self._end(article, "duplicate", reasons[how])

    def _unchanged(self, article: Article, reason: str) -> None:
        self.unchanged.append(article)
        self._end(article, "unchanged", reason)

    def _end(self, article: Article, outcome: OutcomeName, reason: str) -> None:
        self.outcomes.append(Outcome(article.item_url, article.source, outcome, reason, "dedupe"))

    def _bands(self) -> dict[str, tuple[int, ...]]:
        return {
            article.article_id: tuple(_band_keys(self.signatures[article.article_id].bands))
            for article in (*self.new, *self.revised)
            if article.article_id in self.signatures
        }


def _share_copied(article: UInt64s, other: UInt64s) -> float | None:
    """Give the share of an article that another one contains; None if it is too small to call the article a copy."""
    share = share_contained(article, other)
    needed = _COPIED if len(article) >= _SHORT else _COPIED_OF_A_SHORT_TEXT
    return round(share, 4) if share >= needed else None


def _canonical_order(article: Article) -> tuple[datetime, str, str]:
    # Not by when it was fetched: the order of fetching differs from night to night, and two nights must agree.
    unknown = datetime.max.replace(tzinfo=UTC)
    return article.published_at or unknown, article.url, article.item_url


def _band_keys(bands: UInt64s) -> list[int]:
    # The band's number is mixed into its hash, so the hash identifies the band.
    return [int(value) for value in bands]


def _incoming(articles: Sequence[Article]) -> pa.Table:
    return pa.table(
        {"article_id": [a.article_id for a in articles], "text_hash": [a.text_hash for a in articles]},
        schema=pa.schema(_INCOMING),
    )


def _incoming_bands(articles: Sequence[Article], signatures: Mapping[str, _Signature]) -> pa.Table:
    names = [a.article_id for a in articles]
    bands = [signatures[name].bands for name in names]
    width = [len(hashes) for hashes in bands]
    return pa.table(
        {
            "article_id": [name for name, count in zip(names, width, strict=True) for _ in range(count)],
            "algorithm": [ALGORITHM] * sum(width),
            "band": np.concatenate([np.arange(count, dtype=np.int16) for count in width]),
            "hash": np.concatenate(bands),
        },
        schema=pa.schema(_INCOMING_BAND),
    )
