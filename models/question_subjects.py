"""Where the subject of a yes-or-no question ends.

There is no parser: the subject ends where a word of a short list follows (:mod:`models.subject_patterns`).
"""

from __future__ import annotations

import re

from models.subject_patterns import (
    A_UNIT,
    ACTS,
    ADJECTIVE_OF_A_NOUN,
    ADVERB,
    AFTER_OBJECT,
    AN_OBJECT,
    ARTICLE,
    ARTICLE_OR_NUMBER,
    BE,
    BEFORE_A_NOUN,
    BEFORE_ADJECTIVE,
    BEFORE_RIGHT,
    CAUSES,
    CLAUSE,
    CLAUSE_BEFORE_VERB,
    COPULAS,
    DEMANDS,
    ENDS_BEFORE_NOUN,
    ENDS_IN_AMOUNT,
    ENDS_IN_ARTICLE,
    ENDS_IN_NOUN_PHRASE,
    ENDS_IN_TO,
    ENDS_IN_VERB,
    ENDS_IN_VERB_OF_CHANGE,
    HAS_VERB_FORM,
    HOW_DONE,
    LAST_ADJECTIVE,
    LONGEST,
    MANNER,
    MAY_BE_A_NOUN,
    MODALS,
    NEEDS_OBJECT,
    NO_LATER_PLACE,
    NOUN_IN_ING,
    NOUN_OR_VERB,
    NOUN_TO_NOUN,
    NOUN_WITH_TO,
    OBJECT,
    OPEN,
    PARTICIPLE,
    PLURAL_BEFORE_VERB,
    POSSIBLE_OBJECT,
    PREDICATE,
    PROGRESSIVE,
    PRONOUN,
    QUANTITY_OF_A_NOUN,
    QUANTITY_WITH_PREPOSITION,
    QUOTATION_BEGINS,
    QUOTATION_ENDS,
    RELATIVE,
    RIGHT,
    SHORT_NAME,
    SHORT_NUMBER,
    SHORTEST,
    STATES,
    STRANDED,
    SUBJECT_AND_VERB,
    TWO_WORDS,
    VERB,
    WITH_ING_AND_PARTICLE,
    WITH_PARTICLE,
    WITHIN_COMMAS,
)
from models.verb_forms import after_noun, before_participle, goes_before_a_noun, may_be_within_a_noun


def end_of_subject(first: str, rest: str) -> int | None:
    """Find where the subject ends in what follows the first verb of a question; None if that is not plain."""
    if pronoun := PRONOUN.match(rest):
        return pronoun.end()
    if first == "ought":
        return _before_to(rest)
    if first in MODALS or first in ("does", "did"):
        end = rest.index(" ") if SUBJECT_AND_VERB.fullmatch(rest) else _before_verb(rest)
    else:
        end = _before_predicate(rest) if first in COPULAS else before_participle(rest)
        if end is None or CLAUSE.search(rest[:end]):
            return None
    return None if end is None else _without_last_word_of_predicate(first, rest, end)


def _without_last_word_of_predicate(first: str, rest: str, end: int) -> int | None:
    """Take adverbs, or a verb form before its object, that belong to the predicate from a supposed subject.

    It is None if the adverb may belong to a verb form that begins the subject: "being morally right".
    """
    before, _, last = rest[:end].rpartition(" ")
    if before and ADVERB.fullmatch(last):
        if MANNER.fullmatch(last) and HAS_VERB_FORM.search(before):
            return end
        noun = before.rpartition(" ")[2]
        if NEEDS_OBJECT.match(f"{noun} "):
            return end if last == "so" else None
        if not (BEFORE_A_NOUN.fullmatch(noun) and not ADVERB.fullmatch(noun)) and not _is_open(before):
            return _without_last_word_of_predicate(first, rest, len(before))
    is_plural = first in ("are", "were") and AN_OBJECT.match(rest, end + 1)
    verb = PLURAL_BEFORE_VERB.fullmatch(rest, 0, end) if is_plural else None
    return verb.end(1) if verb else end


def _before_verb(rest: str) -> int | None:
    """Find where the subject ends in what follows the modal verb of a question; None if that is not plain."""
    for place in VERB.finditer(rest):
        subject = rest[: place.start()]
        if not subject or CLAUSE.search(subject) or CAUSES.match(f"{subject} ") or STATES.fullmatch(subject):
            return None
        clause = DEMANDS if BE.match(rest, place.end()) else CLAUSE_BEFORE_VERB
        if clause.fullmatch(subject):
            return None
        if not _is_open(subject):
            return place.start()
        if not NOUN_WITH_TO.fullmatch(subject):
            return None
    return None


def _before_to(rest: str) -> int | None:
    """Find where the subject ends in what follows "ought" at the beginning of a question; None if that is not plain."""
    for place in re.finditer(" to (?=[a-z])", rest):
        subject = rest[: place.start()]
        if CLAUSE.search(subject) or subject.endswith(" not"):
            return None
        if not (NOUN_WITH_TO.fullmatch(f"{subject} to") or NOUN_TO_NOUN.fullmatch(f"{subject} to x")):
            return place.start()
    return None


def _before_predicate(rest: str) -> int | None:
    """Find where the subject ends in what follows "is" or "are" at the beginning of a question; None if not plain."""
    verb = after_noun(PROGRESSIVE, rest)
    if verb is not None and (noun := NOUN_IN_ING.match(rest, verb + 1)):
        return noun.end(1)
    if verb is None and POSSIBLE_OBJECT.match(rest):
        end = _after_object(rest)
        if end is not None or NEEDS_OBJECT.match(rest):
            return end
    number = SHORT_NUMBER.match(rest)
    if TWO_WORDS.fullmatch(rest) or (number and not A_UNIT.match(rest, number.end() + 1)):
        return rest.index(" ")
    end, plain = _at_first_place(rest, verb)
    if plain:
        return end
    if verb is None:
        end = after_noun(PARTICIPLE, rest)
        return _before_last_adjective(rest) if end is None else end
    return _after_compound(rest, verb) if may_be_within_a_noun(rest, verb) else verb


def _before_last_adjective(rest: str) -> int | None:
    """Find where the subject ends before an adjective that nothing but its ending shows; None if there is none."""
    for place in reversed(list(LAST_ADJECTIVE.finditer(rest))):
        subject = rest[: place.start()]
        if not (
            _is_unfinished(subject, rest[place.end() :])
            or goes_before_a_noun(subject)
            or BEFORE_ADJECTIVE.fullmatch(subject)
            or subject.endswith(" being")
        ):
            return _unless_within(subject, rest[place.end() :])
    return None


def _at_first_place(rest: str, verb: int | None) -> tuple[int | None, bool]:
    """Find the first place at which the subject can end, and whether a place, or that there is none, is plain.

    It ends at the first possible place, except after a preposition and before the object of a verb form. Then a later
    place is taken if it is plain: not in the middle of a noun phrase, and not before the object of an infinitive. No
    place counts behind a verb form that follows a noun.
    """
    passed = False
    for place in PREDICATE.finditer(rest):
        end = place.start()
        if not (end >= SHORTEST or SHORT_NAME.fullmatch(rest, 0, end)) or end > LONGEST:
            continue
        subject, predicate = rest[:end], rest[end + 1 :]
        if (RIGHT.match(predicate) and BEFORE_RIGHT.fullmatch(subject)) or (
            ADJECTIVE_OF_A_NOUN.match(predicate) and BEFORE_ADJECTIVE.fullmatch(subject)
        ):
            continue
        article = bool(ARTICLE.match(predicate))
        if verb is not None and verb < end and not RELATIVE.fullmatch(rest, verb):
            return None, False
        if _is_unfinished(subject, predicate):
            if NO_LATER_PLACE.fullmatch(subject) or (subject.lower().endswith(" as") and not article):
                return None, True
            passed = True
        elif not passed:
            if ENDS_IN_ARTICLE.fullmatch(subject):
                return None, True
            infinitive = ENDS_IN_TO.fullmatch(subject)
            may_have_object = (
                subject.lower().endswith("ing")
                or WITH_ING_AND_PARTICLE.fullmatch(subject)
                or (infinitive and NOUN_WITH_TO.fullmatch(infinitive[1]))
            )
            if not (may_have_object and OBJECT.match(predicate)):
                return _unless_within(subject, predicate), True
            passed = True
        elif not (
            ENDS_IN_ARTICLE.fullmatch(subject)
            or ENDS_IN_VERB_OF_CHANGE.fullmatch(subject)
            or (article and ENDS_IN_VERB.fullmatch(subject))
        ):
            return _unless_within(subject, predicate), True
    return None, False


def _after_compound(rest: str, verb: int) -> int | None:
    """Find where the subject ends if it is a noun such as "carbon pricing"; None if what follows is not plain."""
    end = rest.index(" ", verb + 1)
    place = PREDICATE.match(rest, end)
    return end if place and not ARTICLE_OR_NUMBER.match(rest, place.end()) else None


def _after_object(rest: str) -> int | None:
    """Find where a subject such as "owning a gun" ends; None if what seems to be its object may be the predicate."""
    for place in AFTER_OBJECT.finditer(rest, rest.index(" ") + 1):
        subject = rest[: place.start()]
        if CLAUSE.search(subject):
            return None
        predicate = rest[place.end() :]
        if not (
            _is_open(subject)
            or ENDS_BEFORE_NOUN.fullmatch(subject)
            or (ARTICLE.match(predicate) and ENDS_IN_VERB.fullmatch(subject))
            or (predicate.lower() in MAY_BE_A_NOUN and ENDS_IN_NOUN_PHRASE.fullmatch(subject))
        ):
            return place.start()
    return None


def _is_open(subject: str) -> bool:
    """Whether words are missing at the end of a supposed subject: "the ban on"."""
    return bool(OPEN.fullmatch(subject)) and not STRANDED.fullmatch(subject)


def _is_unfinished(subject: str, predicate: str) -> bool:
    """Whether a supposed subject is open, or goes on in what seems to be the predicate: "$15 an hour"."""
    return (
        _is_open(subject)
        or WITHIN_COMMAS.fullmatch(subject) is not None
        or (ENDS_IN_AMOUNT.fullmatch(subject) is not None and A_UNIT.match(predicate) is not None)
    )


def _unless_within(subject: str, predicate: str) -> int | None:
    """Give the end of a supposed subject without a participle of the predicate: "women paid" ends before "paid".

    It is None if a quotation, or an infinitive that may be a part of the predicate, begins in the supposed subject.
    """
    if (infinitive := ENDS_IN_TO.fullmatch(subject)) and not (
        NOUN_WITH_TO.fullmatch(infinitive[1]) or NOUN_TO_NOUN.fullmatch(subject)
    ):
        return None
    if len(QUOTATION_BEGINS.findall(subject)) > len(QUOTATION_ENDS.findall(subject)):
        return None
    spending = NOUN_OR_VERB.fullmatch(subject)
    if spending and (
        (QUANTITY_OF_A_NOUN.match(predicate) and not goes_before_a_noun(spending[1]))
        or (QUANTITY_WITH_PREPOSITION.match(predicate) and ACTS.fullmatch(spending[1]))
    ):
        return spending.end(1)
    with_particle = WITH_PARTICLE.fullmatch(subject) if HOW_DONE.match(predicate) else None
    if with_particle and not goes_before_a_noun(with_particle[1]):
        return with_particle.end(1)
    before, _, last = subject.rpartition(" ")
    if (
        before
        and not f" {before}".endswith(" being")
        and (PARTICIPLE.fullmatch(last) or last == "put")
        and not goes_before_a_noun(before)
    ):
        return len(before)
    return len(subject)
