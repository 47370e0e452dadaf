"""Made-up nights: rows that follow from (night, batch) alone, so that any two runs can be compared."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pyarrow as pa

START = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
OUTLETS = ("Harbor Ledger", "Plain Speaker", "Northern Review")
TARGETS = ("chip-exports", "carbon-tax")
MODEL = "fast-1"
SENTENCE = "We should stop here."
TEXT = f"They say it is cheap. {SENTENCE} Nobody asked the workers."


def hash32(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def url(night: int, batch: int, n: int) -> str:
    return f"https://{OUTLETS[n % 3].lower().replace(' ', '-')}.example/{night}/{batch}/{n}"


def declarations(*, model: str = MODEL, rank: int = 1, asked_from: datetime = START) -> dict[str, pa.Table]:
    """The rows that everything else refers to: targets, a model, a source."""
    return {
        "target": table(
            [
                {
                    "target": target,
                    "statement": f"We need {target}.",
                    "statement_hash": hash32(target),
                    "aliases": [target],
                    "active": True,
                    "asked_from": asked_from,
                }
                for target in TARGETS
            ]
        ),
        **model_row(model, rank),
        "source": table(
            [{"source": "feeds", "kind": "feed", "location": "https://example/feed", "since": START}]
        ),
    }


def model_row(model: str, rank: int) -> dict[str, pa.Table]:
    row = {"model_version": model, "name": "fast", "rank": rank, "taxonomy": "cap", "first_used_at": START}
    return {"model": table([row])}


def table(rows: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist(rows)


def batch(
    night: int, number: int, *, articles: int = 4, revision: int = 1, model: str = MODEL, text: str = TEXT
) -> dict[str, pa.Table]:
    """All rows of one micro-batch of articles."""
    urls = [url(night, number, n) for n in range(articles)]
    ids = [hash32(u) for u in urls]
    published = START + timedelta(days=night)
    article = [
        {
            "article_id": article_id,
            "revision": revision,
            "text_hash": hash32(f"{text}{article_id}"),
            "url": u,
            "source": "feeds",
            "outlet": OUTLETS[n % 3],
            "title": f"Piece {night}/{number}/{n}",
            "authors": ["A. Writer"],
            "language": "en",
            "kind": "opinion",
            "published_at": published if n % 4 else None,
            "fetched_at": published + timedelta(hours=5),
            "word_count": len(text.split()),
            "quality": 0.95,
        }
        for n, (u, article_id) in enumerate(zip(urls, ids, strict=True))
    ]
    texts = [{"article_id": i, "revision": revision, "text": text} for i in ids]
    items = [
        {"url": u, "article_id": i, "source": "feeds", "discovered_at": published}
        for u, i in zip(urls, ids, strict=True)
    ]
    outcomes = [
        {
            "url": u,
            "source": "feeds",
            "outcome": "loaded" if revision == 1 else "revised",
            "reason": "New article." if revision == 1 else "The text changed.",
            "stage": "load",
            "http_status": 200,
            "elapsed": 0.25,
            "article_id": i,
            "decided_at": published,
        }
        for u, i in zip(urls, ids, strict=True)
    ]
    bands = [
        {
            "article_id": i,
            "revision": revision,
            "algorithm": "minhash-1",
            "band": b,
            "hash": int(i[:12], 16) + b,
        }
        for i in ids
        for b in range(4)
    ]
    rows = {
        "article": table(article),
        "article_text": table(texts),
        "outcome": table(outcomes),
        "minhash_band": table(bands),
        **labels(ids, revision=revision, model=model, text=text),
    }
    return rows if revision > 1 else {**rows, "item": table(items)}


def labels(
    ids: list[str],
    *,
    revision: int = 1,
    model: str = MODEL,
    text: str = TEXT,
    targets: tuple[str, ...] = TARGETS,
) -> dict[str, pa.Table]:
    """Topics, stances, evidence and their scored rows for articles that are (or are being) committed."""
    start = text.index(SENTENCE) if SENTENCE in text else 0
    end = start + len(SENTENCE) if SENTENCE in text else len(text)
    topics: list[dict[str, object]] = []
    stances: list[dict[str, object]] = []
    evidence: list[dict[str, object]] = []
    scored: list[dict[str, object]] = []
    for n, article_id in enumerate(ids):
        key = {"article_id": article_id, "revision": revision, "model_version": model}
        topic = {
            "taxonomy": "cap",
            "topic": str(n % 20 + 1),
            "label": f"Topic {n % 20 + 1}",
            "rank": 1,
            "score": 0.8,
        }
        topics.append(key | topic)
        scored.append(key | {"task": "topic", "target": "", "statement_hash": "", "n_rows": 1})
        for m, target in enumerate(targets):
            asked = key | {"target": target, "statement_hash": hash32(target)}
            about = (n + m) % 3 != 2
            stance = ("favor", "against", "neutral")[(n + m) % 3]
            p = {"favor": (0.7, 0.2, 0.1), "against": (0.1, 0.8, 0.1), "neutral": (0.1, 0.1, 0.8)}[stance]
            shares = dict(zip(("p_favor", "p_against", "p_neutral"), p, strict=True))
            stances.append(
                asked | {"stance": stance, **shares, "relevance": 0.9 if about else 0.1, "about": about}
            )
            if about:
                evidence.append(
                    asked | {"stance": stance, "start": start, "end": end, "score": 0.9, "quoted": False}
                )
            scored.append(asked | {"task": "stance", "n_rows": 1})
    named = {"topic": topics, "stance": stances, "evidence": evidence, "scored": scored}
    return {name: table(rows) for name, rows in named.items() if rows}
