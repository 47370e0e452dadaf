"""The words by which passages about a target are found: stems, abbreviations and aliases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from models.questions import as_statement
from models.stems import STOPWORDS, stems_of, words_of

#: Names that are other words without their capital. Other aliases that are written with one, "Inflation", ignore case.
_NAMES = """
amazon apple banks bill brown bush china ford gap green greens justice labor labour left mark meta polish reform right
shell target trump turkey visa
"""
_NAMES_AND_WORDS = frozenset(_NAMES.split())
#: Abbreviations of so many letters are often read and written as words: "Nato", "Unesco".
_LETTERS_OF_A_WORD = 4
#: Abbreviations that are other words without their capitals. Other words in capitals are an emphasis, "Tax the RICH",
#: or are no other word, "CEO": in both cases they are found as any word is.
_ABBREVIATIONS = frozenset(
    ("AIDS", "COP", "ERA", "ICE", "IT", "MAID", "PM", "SALT", "SNAP", "STEM", "US", "WHO")
)
#: A question whose words keep their order is read after "It is true that" (`as_statement`).
_BEFORE_A_QUESTION = re.compile(r"it is true that ", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_APOSTROPHES, _HYPHENS = "'’", "‐‑-"
_LETTERS_AND_DOTS = re.compile(r"(?:[A-Z]\.?){2,4}")
#: Least number of letters of a word with a plural.
_A_PLURAL_HAS = 3
#: With an s these are other words: "arts", "news".
_OTHER_WORDS_WITH_S = frozenset(("arm", "art", "custom", "good", "mean", "new"))
_Y_AFTER_CONSONANT = re.compile(r"[^aeiou]y$")


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """The terms by which passages about a target are found, made from one wording and the aliases.

    Attributes
    ----------
    phrases_to_embed
        The wording as the network reads it, but without "It is true that", and the aliases; no empty ones.
    words
        Stems of the wording's content words.
    abbreviations
        A pattern for each abbreviation in the wording that is another word without its capitals, such as "US". It is
        found only with its capitals, also in the plural.
    aliases
        A pattern that finds any alias in a text; None if there are no aliases.
    """

    phrases_to_embed: tuple[str, ...]
    words: frozenset[str]
    abbreviations: tuple[re.Pattern[str], ...]
    aliases: re.Pattern[str] | None

    def overlap(self, passage: str, passage_stems: frozenset[str]) -> float:
        """Give the share of the wording's content words that a passage contains; 1 if it contains an alias."""
        if self.aliases is not None and self.aliases.search(passage):
            return 1.0
        number = len(self.words) + len(self.abbreviations)
        abbreviated = sum(bool(abbreviation.search(passage)) for abbreviation in self.abbreviations)
        contained = len(self.words & passage_stems) + abbreviated
        return contained / number if number else 0.0


@lru_cache(maxsize=1 << 14)
def search_terms(statement: str, aliases: tuple[str, ...] = ()) -> SearchTerms:
    """Prepare the terms of a wording; the result is kept, because a wording is asked of thousands of articles."""
    # The words before a question are those of no passage.
    read = _BEFORE_A_QUESTION.sub("", as_statement(statement), count=1)
    words = [_POSSESSIVE.sub("", word) for word in words_of(read)]
    all_capitals = read.isupper() and len(words) > 1
    abbreviated = (
        () if all_capitals else tuple(word for word in dict.fromkeys(words) if word in _ABBREVIATIONS)
    )
    return SearchTerms(
        phrases_to_embed=tuple(text for text in (read, *aliases) if text.strip()),
        words=stems_of(word for word in words if word not in abbreviated),
        abbreviations=tuple(_as_whole_words(_abbreviation(word)) for word in abbreviated),
        aliases=_phrases(aliases),
    )


def _phrases(aliases: Iterable[str]) -> re.Pattern[str] | None:
    # A dash between spaces is left out: with it, the pattern would be slow on long rows of hyphens.
    split = ([word for word in alias.split() if word.strip(_HYPHENS)] for alias in aliases)
    known = [_alias_pattern(words) for words in split if words]
    return _as_whole_words(known) if known else None


def _as_whole_words(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


def _alias_pattern(words: list[str]) -> str:
    """Give a pattern for an alias. Case is ignored, unless another word is the same but for its capitals.

    "WHO" is found only as it is, so that "who" is not. An abbreviation that some newspapers write as a word, "Nato" for
    "NATO", is found in this form too. A name that is also a common word, "May" or "Trump", is found with its capital.
    An alias without capitals is also found in its plural. The hyphens and apostrophes of typesetters are found as those
    of a keyboard are, and "carbon-tax" as "carbon tax" is.
    """
    alias = " ".join(words)
    typed = [_in_any_typesetting(word) for word in words]
    between = rf"[\s{_HYPHENS}]+"
    pattern = between.join(typed)
    if any(letter.isdigit() for letter in alias):  # "COVID-19" is no other word
        return f"(?i:{pattern})"
    if alias.isupper():
        as_a_word = len(words) == 1 and len(alias) >= _LETTERS_OF_A_WORD and alias.lower() not in STOPWORDS
        if _LETTERS_AND_DOTS.fullmatch(alias):
            pattern = _with_or_without_dots(alias)
        return f"{pattern}|{_in_any_typesetting(alias.capitalize())}" if as_a_word else pattern
    if len(words) == 1 and alias[0].isupper() and alias.lower() in STOPWORDS | _NAMES_AND_WORDS:
        return f"{re.escape(alias[0])}(?i:{_in_any_typesetting(alias[1:])})"
    if alias in _OTHER_WORDS_WITH_S:
        return f"(?i:{pattern})"
    return f"(?i:{between.join([*typed[:-1], _or_plural(words[-1], typed[-1])])})"


def _abbreviation(word: str) -> list[str]:
    """Give patterns for an abbreviation in a statement, also in the plural; "P.M." is a time of day."""
    return [f"{word}s?"] if word == "PM" else [_with_or_without_dots(word), f"{word}s"]


def _with_or_without_dots(letters: str) -> str:
    """Give a pattern for an abbreviation: "US" for "U.S." too, and the reverse; but not for a part of "U.S.S.R."."""
    return r"(?<![A-Z]\.)" + r"\.?".join(letters.replace(".", "")) + r"\.?(?!\w)(?!\.[B-Z]\.)"


def _in_any_typesetting(word: str) -> str:
    """Give a pattern for a word, also with other characters for its hyphens and apostrophes."""
    parts = []
    for letter in word:
        like = next((characters for characters in (_APOSTROPHES, _HYPHENS) if letter in characters), None)
        parts.append(f"[{like}]" if like else re.escape(letter))
    return "".join(parts)


def _or_plural(word: str, typed: str) -> str:
    """Extend the pattern of an alias's last word by its plural, unless it has a capital or may be one already."""
    if not (word[-1].isalpha() and word.islower() and len(word) >= _A_PLURAL_HAS) or word.endswith("s"):
        return typed
    return f"{typed[:-1]}(?:y|ies)" if _Y_AFTER_CONSONANT.search(word) else f"{typed}(?:e?s)?"
