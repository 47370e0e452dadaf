"""Made-up nights: their rows depend only on (night, batch), so that any two runs can be compared."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pyarrow as pa

START = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
OUTLETS = ("Harbor Ledger", "Plain Speaker", "Northern Review")
TARGETS = ("chip-exports", "carbon-tax")
MODEL = "fast-1"
SECOND_MODEL = "second-1"
WEIGHTS = "weights-1"
SENTENCE = "We should stop here."
TEXT = f"They say it is cheap. {SENTENCE} Nobody asked the workers."


def hash32(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def url(night: int, batch: int, n: int) -> str:
    return f"https://{OUTLETS[n % 3].lower().replace(' ', '-')}.example/{night}/{batch}/{n}"


def reference_rows(*, model: str = MODEL, rank: int = 1, asked_from: datetime = START) -> dict[str, pa.Table]:
    """Make the rows to which all other rows refer: targets, a model, a source."""
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


def model_row(model: str, rank: int, weights: str | None = WEIGHTS) -> dict[str, pa.Table]:
    row = {"model_version": model, "name": "fast", "rank": rank, "taxonomy": "cap", "first_used_at": START}
    return {"model": table([row | {"weights_version": weights}])}


def second_model_row(rank: int) -> dict[str, pa.Table]:
    """Make the row of a second model, which has no weights; its rank is above that of the first."""
    (row,) = model_row(SECOND_MODEL, rank, None)["model"].to_pylist()
    return {"model": table([row | {"asked_with": "prompt-1"}])}


def by_second_model(rows: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Make answers of a second model, which have no probabilities, from rows of ``stance`` and ``scored``."""
    told = dict.fromkeys(("p_favor", "p_against", "p_neutral", "relevance")) | {"model_version": SECOND_MODEL}
    stances = [row | told for row in rows["stance"].to_pylist()]
    scored = [row | {"model_version": SECOND_MODEL} for row in rows["scored"].to_pylist()]
    return {
        "stance": table(stances),
        "scored": table([row for row in scored if row["task"] == "stance"]),
    }


def table(rows: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist(rows)


def batch(
    night: int, number: int, *, articles: int = 4, revision: int = 1, model: str = MODEL, text: str = TEXT
) -> dict[str, pa.Table]:
    """Make all rows of one micro-batch of articles."""
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
        **raw_scores(ids, revision=revision),
    }
    return rows if revision > 1 else {**rows, "item": table(items)}


def of_source(rows: dict[str, pa.Table], source: str) -> dict[str, pa.Table]:
    """Give the same rows as if another source had brought them."""

    def renamed(table: pa.Table) -> pa.Table:
        place = table.schema.get_field_index("source")
        return table if place < 0 else table.set_column(place, "source", [[source] * len(table)])

    return {name: renamed(table) for name, table in rows.items()}


SHARES: dict[str | None, tuple[float, float, float]] = {
    "favor": (0.7, 0.15, 0.05),
    "against": (0.1, 0.75, 0.05),
    "neutral": (0.1, 0.1, 0.7),
    "unsure": (0.45, 0.4, 0.05),
    None: (0.03, 0.02, 0.05),
}


def answer(n: int, m: int) -> str | None:
    """Return the stance of article ``n`` of a batch on target ``m``; None if it does not speak about the target."""
    if m == 0 and n % 12 in (3, 7):
        return "unsure" if n % 12 == 3 else "neutral"
    return ("favor", "against", None)[(n + m) % 3]


WORDINGS = (("We need it.", False), ("It would be a mistake.", True))
"""The two wordings of every target, and for each whether it denies the statement."""

OUTPUTS: dict[str | None, tuple[tuple[float, float], ...]] = {
    "favor": ((2.25, -1.5), (-1.5, 2.25)),
    "against": ((-1.5, 2.25), (2.25, -1.5)),
    "neutral": ((0.5, 0.25), (0.25, 0.5)),
    "unsure": ((2.25, -1.5), (0.75, -1.5)),
    None: (),
}
"""Logits of favor and against of each wording, as it was asked; none if the article does not speak about the target."""


def raw_scores(
    ids: list[str], *, revision: int = 1, weights: str = WEIGHTS, targets: tuple[str, ...] = TARGETS
) -> dict[str, pa.Table]:
    """Make the raw scores from which the answers of :func:`labels` are decided."""
    raw: list[dict[str, object]] = []
    wordings: list[dict[str, object]] = []
    for n, article_id in enumerate(ids):
        for m, target in enumerate(targets):
            key = {"article_id": article_id, "revision": revision, "weights_version": weights}
            key |= {"target": target, "statement_hash": hash32(target)}
            read = answer(n, m) is not None
            sentences = {
                "sentence_start": [4, 0] if read else [],
                "sentence_end": [8, 4] if read else [],
                "sentence_score": [0.7512345, 0.2] if read else [],
                "sentence_quoted": [False, True] if read else [],
            }
            raw.append(key | sentences | {"screen": 0.1234567 + n})
            for number, (favor, against) in enumerate(OUTPUTS[answer(n, m)]):
                wording, denied = WORDINGS[number]
                outputs = {"favor": favor, "against": against, "neutral": 0.1234567, "about": 3.0}
                row = {"wording_number": number, "wording": wording, "denied": denied}
                wordings.append(key | row | outputs)
    named = {"raw_score": raw, "wording_score": wordings}
    return {name: table(rows) for name, rows in named.items() if rows}


def labels(
    ids: list[str],
    *,
    revision: int = 1,
    model: str = MODEL,
    text: str = TEXT,
    targets: tuple[str, ...] = TARGETS,
) -> dict[str, pa.Table]:
    """Make topics, stances, evidence and rows of ``scored`` for articles that are, or are being, committed."""
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
            stance = answer(n, m)
            about = stance is not None
            shares = dict(zip(("p_favor", "p_against", "p_neutral"), SHARES[stance], strict=True))
            stances.append(
                asked
                | shares
                | {"stance": stance or "neutral", "about": about, "relevance": 0.9 if about else 0.1}
            )
            if about:
                evidence.append(
                    asked | {"stance": stance, "start": start, "end": end, "score": 0.9, "quoted": False}
                )
            scored.append(asked | {"task": "stance", "n_rows": 1})
    named = {"topic": topics, "stance": stances, "evidence": evidence, "scored": scored}
    return {name: table(rows) for name, rows in named.items() if rows}
