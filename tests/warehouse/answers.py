"""Articles with made-up answers on one target: each has one row of ``stance``, with any probabilities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from tests.warehouse import nights
from tests.warehouse.copies import new_warehouse
from tests.warehouse.nights import hash32
from warehouse import Warehouse

TARGET = "carbon-tax"


@dataclass(frozen=True, slots=True)
class Answer:
    """One article's answer, in ten-thousandths, because stored probabilities are rounded to four digits."""

    stance: str
    about: bool
    favor: int
    against: int
    neutral: int
    outlet: str
    month: str

    @property
    def certainty(self) -> float:
        """The certainty as documented, computed independently of the SQL."""
        sides = {"favor": self.favor, "against": self.against, "neutral": self.neutral}
        return sides.get(self.stance, max(self.favor, self.against)) / 10_000


def rows_of(answers: list[Answer]) -> dict[str, pa.Table]:
    """Make the rows of one article for each answer."""
    articles, texts, stances, scored = [], [], [], []
    for n, answer in enumerate(answers):
        key = {"article_id": hash32(f"article {n}"), "revision": 1}
        asked = key | {"target": TARGET, "statement_hash": hash32(TARGET), "model_version": nights.MODEL}
        hour = 1 + n % 23  # midnight would mean that the hour is not known
        published = nights.START.replace(month=int(answer.month[-2:]), hour=hour)
        shares = (
            answer.favor,
            answer.against,
            answer.neutral,
            answer.favor + answer.against + answer.neutral,
        )
        names = ("p_favor", "p_against", "p_neutral", "relevance")
        articles.append(
            key
            | {"text_hash": hash32(f"text {n}"), "url": f"https://x.example/{n}", "source": "feeds"}
            | {"outlet": answer.outlet, "title": f"Piece {n}", "authors": [f"Author {n % 3}"]}
            | {"kind": "opinion", "published_at": published, "fetched_at": published, "word_count": 9}
        )
        texts.append(key | {"text": f"{nights.TEXT} {n}"})
        stances.append(
            asked
            | {"stance": answer.stance, "about": answer.about}
            | {name: share / 10_000 for name, share in zip(names, shares, strict=True)}
        )
        scored.append(asked | {"task": "stance", "n_rows": 1})
    named = {"article": articles, "article_text": texts, "stance": stances, "scored": scored}
    return {name: nights.table(rows) for name, rows in named.items()}


def second_answers(answers: list[Answer], stances: dict[int, str]) -> dict[str, pa.Table]:
    """Make a second model and its stances on some of the articles of ``answers``, by their numbers."""
    rows = rows_of([replace(answer, stance=stances.get(n, "unsure")) for n, answer in enumerate(answers)])
    ids = {hash32(f"article {n}") for n in stances}
    asked = {
        name: nights.table([row for row in rows[name].to_pylist() if row["article_id"] in ids])
        for name in ("stance", "scored")
    }
    return nights.second_model_row(2) | nights.by_second_model(asked)


def written(root: Path, answers: list[Answer]) -> Warehouse:
    warehouse = new_warehouse(root)
    with warehouse.writing(run_id="a", flow="test") as writer:
        writer.commit("1", nights.reference_rows() | rows_of(answers))
        writer.publish()
    return warehouse


def answers_of(*stances: str, **shares: int) -> list[Answer]:
    share = {"favor": 3_000, "against": 3_000, "neutral": 3_000} | shares
    return [Answer(stance, True, **share, outlet="Harbor Ledger", month="2026-01") for stance in stances]
