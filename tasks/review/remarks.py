"""Remarks on how questions were drawn: what the measures of the model leave out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tasks.review.frames import outlets_of

_Rows = Sequence[Mapping[str, Any]]

_NEARLY_ALL = 0.8
"""The share of a sample that is answered, from which on no part is likely to be without an answer."""


def remarks_on(rows: _Rows) -> tuple[str, ...]:
    """Say what the measures of the model leave out; the rows are those of ``review_answers``."""
    drawn = [row for row in rows if row["stratum"]]
    if not drawn:
        if not rows:
            return ()
        return (
            "no question was drawn by chance: these shares are those of what was looked at, not of all pieces; "
            "`commentariat review sample` draws some",
        )
    left = sum(not row["stratum"] and row["answer"] is not None for row in rows)
    chosen = f"{left:,} answers to questions that were not drawn by chance are left out of the measures of the model"
    return (
        *([chosen] if left else []),
        *_only_some_outlets(drawn),
        *_people_are_split(drawn),
        *_hardly_answered(drawn),
    )


def on_former_questions(count: int) -> Iterator[str]:
    """Say how many questions that people have answered are not asked now."""
    if count:
        yield (
            f"people's answers to {count:,} questions are left out of the measures of the model, because these "
            "questions are not asked now: the statement of the target or the text of the article has changed, the "
            "target was removed, or it is not scored yet"
        )


def _only_some_outlets(drawn: _Rows) -> Iterator[str]:
    """Name the targets about which no sample asked all outlets."""
    outlets: dict[str, set[str]] = defaultdict(set)
    for row in drawn:
        outlets[row["target"]].add(outlets_of(row["stratum"]))
    targets: dict[str, list[str]] = defaultdict(list)
    for target, named in sorted(outlets.items()):
        if all(named):
            targets["; ".join(sorted(named))].append(target)
    for named_outlets, names in targets.items():
        yield (
            f"the questions about {', '.join(names)} were drawn from some outlets only ({named_outlets}): the "
            "measures of the model hold for these; `commentariat review sample` without --outlet draws from all"
        )


def _people_are_split(drawn: _Rows) -> Iterator[str]:
    """Count the questions to which two answers are equally frequent."""
    split = len({(row["target"], row["article_id"]) for row in drawn if row["answer"] is None})
    if split:
        yield (
            f"on {split:,} of the questions that were drawn by chance, people disagree equally: these questions are "
            "left out of the measures of the model, which therefore hold only for questions on which people agree; let "
            "a third person answer them"
        )


def _hardly_answered(drawn: _Rows) -> Iterator[str]:
    """Name the samples of which so little is answered that whole parts may be missing.

    A question on which people are split has been answered.
    """
    answered, wanted = Counter(row["sample"] for row in drawn), Counter[str]()
    parts = {(row["sample"], row["stratum"]): row for row in drawn}
    for (sample, _), row in parts.items():
        wanted[sample] += round(row["stratum_size"] / row["sampling_weight"])
    for sample, count in sorted(answered.items()):
        if count < _NEARLY_ALL * wanted[sample]:
            yield (
                f"of at least {wanted[sample]:,} questions that were drawn by chance for the sample {sample}, "
                f"{count:,} have an answer that counts for it: a part of the articles without any answer is left out "
                "of the measures of the model"
            )
