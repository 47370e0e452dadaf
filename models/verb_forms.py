"""Which verb form is the verb of a question ("Is the West losing?"), and which belongs to a noun ("housing market")."""

from __future__ import annotations

import re

from models.subject_patterns import (
    ADVERB,
    AFTER_HAS,
    BEFORE_A_NOUN,
    BEFORE_ADVERB_AND_NOUN,
    BEFORE_LEFT,
    BEFORE_NOUN_IN_ING,
    BESIDE_A_NOUN,
    NOUN_AFTER_HAS,
    NOUN_BEFORE_OF,
    OF_ONE_NOUN,
    PART_OF_A_NOUN,
    PARTICIPLE,
    PROGRESSIVE,
    PRONOUN,
    RARELY_A_NOUN,
)


def before_participle(rest: str) -> int | None:
    """Find where the subject ends in what follows "has" or "have"; None if that is not plain.

    In "Has the rate cut hurt savers?" two words can be the participle, and it is not known which of them is.
    """
    end = after_noun(PARTICIPLE, rest)
    if end is not None or (end := after_noun(AFTER_HAS, rest)) is None:
        return end
    before, (form, *later) = rest[:end].split(" "), rest[end + 1 :].split(" ")
    if any(PARTICIPLE.fullmatch(word) and not BESIDE_A_NOUN.fullmatch(word) for word in before[1:]):
        return None  # "Has the increased tax hurt savers?"
    if PRONOUN.fullmatch(f"{before[-1]} ", 0, len(before[-1])) or (
        NOUN_AFTER_HAS.fullmatch(form)
        and (
            any(AFTER_HAS.fullmatch(word) for word in later)
            or (form == "left" and BEFORE_LEFT.fullmatch(before[-1]))
        )
    ):
        return None
    return end


def after_noun(verb_form: re.Pattern[str], rest: str) -> int | None:
    """Find where the subject ends before a verb form that follows a noun: "the West losing"; None if there is none."""
    end = 0
    words = rest.split(" ")
    for before, word, after in zip(words, words[1:], [*words[2:], ""], strict=False):
        end += len(before) + 1
        if not verb_form.fullmatch(word) or goes_before_a_noun(rest[: end - 1]):
            continue
        if verb_form is PROGRESSIVE:
            is_first = end == len(before) + 1
            is_noun = bool(
                (is_first and PARTICIPLE.fullmatch(before))  # "assisted dying"
                or OF_ONE_NOUN.fullmatch(f"{word} {after}")
                or (after == "of" and NOUN_BEFORE_OF.fullmatch(word))
                or (BEFORE_NOUN_IN_ING.fullmatch(before) and not RARELY_A_NOUN.match(word))
            )
        else:
            is_noun = bool(after) and BESIDE_A_NOUN.fullmatch(word) is not None
        if not is_noun:
            return end - 1
    return None


def goes_before_a_noun(words: str) -> bool:
    """Whether what follows some words belongs to a noun, so that it is no verb: "the", "the rapidly"."""
    before, _, last = words.rpartition(" ")
    if not (last.endswith("ly") and ADVERB.fullmatch(last)):
        return BEFORE_A_NOUN.fullmatch(last) is not None
    word = before.rpartition(" ")[2]
    if not before or BEFORE_ADVERB_AND_NOUN.fullmatch(word) or PARTICIPLE.fullmatch(word):
        return True  # "many newly arrived migrants", "judged differently depending on race"
    return goes_before_a_noun(before)


def may_be_within_a_noun(rest: str, verb: int) -> bool:
    """Whether a supposed verb form may belong to the noun before it: "carbon pricing", but not "inflation falling"."""
    before, form = rest[:verb], rest[verb + 1 :]
    return (
        " " in form
        and bool(PART_OF_A_NOUN.fullmatch(before))
        and not before.endswith("s")
        and not RARELY_A_NOUN.match(form)
    )
