"""Questions with "not" behind their subject, so that the meaning of a yes is not plain."""

from __future__ import annotations

from models.subject_patterns import (
    BEFORE_ANOTHER_NOT,
    COPULAS,
    DENIED_PROGRESSIVE,
    MODALS,
    OF_NO_DENIAL,
    PREDICATE,
    PRONOUN,
    QUANTITY,
    SHORT_SUBJECT,
)


def is_denied(first: str, rest: str) -> bool:
    """Whether "not" seems to follow the subject, so that the meaning of a yes is not plain.

    "Was the war not a mistake?" asks the same as "Wasn't the war a mistake?", but "Is the choice not to vote a
    mistake?" is no denial. After a modal verb ("Should the rich not be taxed?"), "not" is taken literally.
    """
    if first in MODALS or PRONOUN.match(rest):
        return False
    if first in COPULAS:
        if _denies_a_progressive(rest):
            return True
        return any(_ends_in_denial(rest[: place.start()].split(" ")) for place in PREDICATE.finditer(rest))
    words = rest.split(" ")
    return any(
        _ends_in_denial(words[: index + 1]) and not OF_NO_DENIAL.fullmatch(words[index + 1])
        for index in range(1, min(SHORT_SUBJECT, len(words) - 2) + 1)
    )


def _denies_a_progressive(rest: str) -> bool:
    """Whether "not" and a form in -ing are the predicate: "Is the government not doing enough?"."""
    form = DENIED_PROGRESSIVE.match(rest)
    if form is None or BEFORE_ANOTHER_NOT.fullmatch(form[1]):
        return False
    return bool(QUANTITY.match(rest, form.end())) or not PREDICATE.search(rest, form.end())


def _ends_in_denial(words: list[str]) -> bool:
    return len(words) > 1 and words[-1].lower() == "not" and not BEFORE_ANOTHER_NOT.fullmatch(words[-2])
