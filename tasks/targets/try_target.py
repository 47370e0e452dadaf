"""Trying a target: a sample of the stored articles is read with it, and nothing is stored."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import Any

from models import Target, TargetStance
from models.interface import ALL_STANCES
from tasks.classify import Assignment, ClassifierChoice, classify_batch
from tasks.wilson import wilson
from warehouse import Reader
from warehouse.sql_files import load_sql

NOT_ABOUT = "not about it"
_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article of the sample that speaks about the target, and the sentences that show its stance."""

    outlet: str | None
    published_at: datetime | None
    title: str | None
    answer: TargetStance
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wordings:
    """The effect of another wording.

    Attributes
    ----------
    wording
        The further wording: the statement alone is compared with the statement and this wording together.
    same
        Articles with the same answer, among those that speak about the target in either case.
    changes
        Answers before and after, and the number of articles; most frequent first.
    """

    wording: str
    same: int
    changes: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """The result of reading a sample with a target.

    Attributes
    ----------
    sample, stored
        Number of articles read, and number of stored articles of which the target would be asked.
    seconds
        Time for the sample, with the target's own wordings only.
    found
        The articles that speak about the target, the most certain answer first.
    wordings
        One for each further wording.
    """

    sample: int
    stored: int
    seconds: float
    found: tuple[FoundArticle, ...]
    wordings: tuple[Wordings, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Number of articles by stance."""
        counted: Counter[str] = Counter(article.answer.stance for article in self.found)
        return {side: counted[side] for side in ALL_STANCES}

    @property
    def expected(self) -> tuple[int, int, int]:
        """How many stored articles speak about the target: the likely number, and bounds for 19 of 20 cases.

        The number is not uncertain for the articles that were read: the sample is drawn without replacement from the
        stored articles, and counts as a larger one the more of them it contains. If all were read, the bounds are the
        number that was found.
        """
        found, unread = len(self.found), self.stored - self.sample
        if not unread:
            return found, found, found
        likely = found / self.sample if self.sample else 0.0
        low, high = wilson(likely, self.sample * (self.stored - 1) / unread)
        least, most = found, found + unread
        return (
            round(likely * self.stored),
            max(least, round(low * self.stored)),
            min(most, round(high * self.stored)),
        )

    @property
    def seconds_for_all(self) -> float:
        """Time that reading all stored articles would take on this machine."""
        return self.seconds / self.sample * self.stored if self.sample else 0.0


def try_target(
    reader: Reader,
    target: Target,
    choice: ClassifierChoice,
    *,
    how_many: int,
    on_read: Callable[[int], None] = lambda _: None,
) -> Tried:
    """Read a sample of the stored articles with a target.

    Parameters
    ----------
    target
        The target with its further wordings; the statement alone is asked too, to see what each wording changes.
    how_many
        Size of the sample; all stored articles if there are fewer.
    on_read
        Called with the number of articles read since its last call.

    Raises
    ------
    ModelError
        When the classifier cannot be loaded.
    """
    rows = reader.query(load_sql("sample_texts"), {"how_many": how_many}).to_pylist()
    stored = reader.query(load_sql("askable"))["articles"][0].as_py()
    variants = _variants(target)
    choice.load()  # the time for loading does not count as reading time
    took = 0.0
    own: list[TargetStance] = []
    answers: dict[str, list[TargetStance]] = {wording: [] for wording, _ in variants}
    for start in range(0, len(rows), _AT_ONCE):
        batch = rows[start : start + _AT_ONCE]
        began = perf_counter()
        own += _read(batch, target, choice)
        took += perf_counter() - began
        for wording, variant in variants:
            answers[wording] += _read(batch, variant, choice)
        on_read(len(batch))
    if len(target.also) == 1:
        answers[target.also[0].statement] = own  # the target itself has this one further wording
    return Tried(
        sample=len(rows),
        stored=stored,
        seconds=took,
        found=_found(rows, own),
        wordings=tuple(
            _compared(wording.statement, answers[target.statement], answers[wording.statement])
            for wording in target.also
        ),
    )


def _variants(target: Target) -> list[tuple[str, Target]]:
    """Give the target with its statement alone and with each of several further wordings, by what is compared."""
    if not target.also:
        return []
    alone = target.statement, replace(target, also=())
    with_one = [(wording.statement, replace(target, also=(wording,))) for wording in target.also]
    return [alone, *with_one] if len(with_one) > 1 else [alone]


def _found(rows: Sequence[dict[str, Any]], answers: Sequence[TargetStance]) -> tuple[FoundArticle, ...]:
    """Give the articles that speak about the target, the most certain answer first."""
    articles = [
        FoundArticle(
            row["outlet"],
            row["published_at"],
            row["title"],
            answer,
            tuple(row["text"][e.start : e.end].strip() for e in answer.evidence),
        )
        for row, answer in zip(rows, answers, strict=True)
        if answer.about
    ]
    return tuple(sorted(articles, key=lambda article: -_certainty(article.answer)))


def _read(rows: Sequence[dict[str, object]], target: Target, choice: ClassifierChoice) -> list[TargetStance]:
    asked = [
        Assignment(
            article_id=str(row["article_id"]),
            revision=1,
            title=row["title"] if isinstance(row["title"], str) else None,
            text=str(row["text"]),
            language=row["language"] if isinstance(row["language"], str) else None,
            targets=(target,),
            with_topics=False,
        )
        for row in rows
    ]
    return [scored.reading.stances[0] for scored in classify_batch(asked, choice)]


def _compared(wording: str, before: Sequence[TargetStance], after: Sequence[TargetStance]) -> Wordings:
    pairs = Counter(
        (_answer_in_words(old), _answer_in_words(new))
        for old, new in zip(before, after, strict=True)
        if old.about or new.about
    )
    changes = [(old, new, n) for (old, new), n in pairs.most_common() if old != new]
    return Wordings(wording, sum(n for (old, new), n in pairs.items() if old == new), tuple(changes))


def _answer_in_words(answer: TargetStance) -> str:
    return answer.stance if answer.about else NOT_ABOUT


def _certainty(answer: TargetStance) -> float:
    by_side = {"favor": answer.p_favor, "against": answer.p_against, "neutral": answer.p_neutral}
    return by_side.get(answer.stance, max(answer.p_favor, answer.p_against))
