"""Targets: the words are prepared by which a passage about a target is found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from models.questions import as_statement

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_COMMON = """
a about after again against all also an and any are as at bad be because been before being better between
both but by can could countries country did do does down for from further good government had has have he
her here his how i if in into is it its itself just made make may me more most must my need needs no nor
not of off on once only or other ought our out over own people right same shall she should so some such
than that the their them then there these they thing things this those through to too under until up use
used using very was we were what when where which while who whom why will with would wrong yes you your
"""
_STOPWORDS = frozenset(_COMMON.split())
#: Names that are other words without their capital. Other aliases that are written with one, "Inflation", ignore case.
_NAMES_AND_WORDS = frozenset(
    (
        *(
            "amazon",
            "apple",
            "banks",
            "bill",
            "brown",
            "bush",
            "china",
            "ford",
            "gap",
            "green",
            "greens",
            "justice",
        ),
        *("labor", "labour", "left", "mark", "meta", "polish", "reform", "right", "shell", "target", "trump"),
        *("turkey", "visa"),
    )
)
#: Abbreviations of so many letters are often read and written as words: "Nato", "Unesco".
_LETTERS_OF_A_WORD = 4


def stems(text: str) -> frozenset[str]:
    """Give the content words of a text, cut to stems: "reactors" equals "reactor", "banned" equals "banning"."""
    return frozenset(
        _stem(word) for match in _WORD.finditer(text.lower()) if (word := match.group()) not in _STOPWORDS
    )


def _stem(word: str) -> str:
    word = word.removesuffix("'s").removesuffix("’s")
    for ending in ("ations", "ation", "ings", "ing", "ies", "ied", "es", "ed", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


@dataclass(frozen=True, slots=True)
class Question:
    """One wording of a target, prepared for the screen.

    Attributes
    ----------
    phrases_to_embed
        The wording as it was given, and the aliases, without empty ones.
    words
        Stems of the wording's content words.
    aliases
        A pattern that finds any alias in a text; None if there are no aliases.
    """

    phrases_to_embed: tuple[str, ...]
    words: frozenset[str]
    aliases: re.Pattern[str] | None

    def overlap(self, passage: str, passage_stems: frozenset[str]) -> float:
        """Give the share of the wording's content words that a passage contains; 1 if it contains an alias."""
        if self.aliases is not None and self.aliases.search(passage):
            return 1.0
        return len(self.words & passage_stems) / len(self.words) if self.words else 0.0


@lru_cache(maxsize=4096)
def question(statement: str, aliases: tuple[str, ...] = ()) -> Question:
    """Prepare a wording. The result is kept, because the same wording is asked of thousands of articles."""
    return Question(
        phrases_to_embed=tuple(text for text in (statement, *aliases) if text.strip()),
        words=stems(as_statement(statement)),
        aliases=_phrases(aliases),
    )


def _phrases(aliases: Iterable[str]) -> re.Pattern[str] | None:
    known = [_in_any_case_that_means_it(alias.split()) for alias in aliases if alias.strip()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(known)})(?!\w)") if known else None


def _in_any_case_that_means_it(words: list[str]) -> str:
    """Give a pattern for an alias. Case is ignored, unless another word is the same but for its capitals.

    "WHO" is found only as it is, so that "who" is not. An abbreviation that some newspapers write as a word, "Nato" for
    "NATO", is found in this form too. A name that is also a common word, "May" or "Trump", is found with its capital.
    """
    alias = " ".join(words)
    pattern = r"\s+".join(re.escape(word) for word in words)
    if any(letter.isdigit() for letter in alias):  # "COVID-19" is no other word
        return f"(?i:{pattern})"
    if alias.isupper():
        as_a_word = len(words) == 1 and len(alias) >= _LETTERS_OF_A_WORD and alias.lower() not in _STOPWORDS
        return f"{pattern}|{re.escape(alias.capitalize())}" if as_a_word else pattern
    if len(words) == 1 and alias[0].isupper() and alias.lower() in _STOPWORDS | _NAMES_AND_WORDS:
        return f"{re.escape(alias[0])}(?i:{re.escape(alias[1:])})"
    return f"(?i:{pattern})"
