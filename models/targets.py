"""The words by which passages about a target are found: stems, abbreviations and aliases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer

from models.questions import as_statement

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
#: "don't", "they'll": a contraction holds common words only. "it's" is left to the removal of a possessive.
_CONTRACTION = re.compile(r"(?:\w+n't|\w+'(?:re|ve|ll|m|d))$")
#: Words that tell nothing about a subject: function words, and words that stand in statements on any subject.
_COMMON = """
a about after again against all also an and any are as at bad be because been before being better between
both but by can could countries country did do does down for from further good government had has have he
her here his how i if in into is it its itself just made make may me more most must my need needs no nor
not of off on once only or other ought our out over own people right same shall she should so some such
than that the their them then there these they thing things this those through to too under until up us use
used using very was we were what when where which while who whom why will with would wrong yes you your
"""
_STOPWORDS = frozenset(_COMMON.split())
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
_APOSTROPHES, _HYPHENS = "'’", "‐‑-"
#: "U.S." and "US" are the same name.
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,}")
_LETTERS_AND_DOTS = re.compile(r"(?:[A-Z]\.?){2,4}")
#: Least number of letters of a word with a plural.
_A_PLURAL_HAS = 3
#: With an s these are other words: "arts", "news".
_OTHER_WORDS_WITH_S = frozenset(("arm", "art", "custom", "good", "mean", "new"))
_Y_AFTER_CONSONANT = re.compile(r"[^aeiou]y$")
#: Words of which the stem is kept. An op-ed has about a thousand different ones.
_STEMS_KEPT = 65_536


def stems(text: str) -> frozenset[str]:
    """Give the stems of a text's content words: "reactors" equals "reactor", "banned" equals "banning".

    The stems are those of Snowball's English stemmer (Porter 2, https://snowballstem.org/algorithms/english/stemmer.html).
    """
    return _stems(_words_of(text))


def _words_of(text: str) -> list[str]:
    return _WORD.findall(_INITIALS.sub(lambda found: found[0].replace(".", ""), text))


def _stems(words: Iterable[str]) -> frozenset[str]:
    plain = (word.lower().replace("’", "'").removesuffix("'s") for word in words)
    return frozenset(
        _stem(word) for word in plain if word not in _STOPWORDS and not _CONTRACTION.fullmatch(word)
    )


@lru_cache(maxsize=_STEMS_KEPT)
def _stem(word: str) -> str:
    # One stemmer a word, because a stemmer holds the word that it works on and threads share this function.
    return str(EnglishStemmer().stemWord(word))


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """The terms by which passages about a target are found, made from one wording and the aliases.

    Attributes
    ----------
    phrases_to_embed
        The wording as the network reads it, and the aliases, without empty ones.
    words
        Stems of the wording's content words.
    names
        A pattern for each abbreviation in the wording that is another word without its capitals, such as "US". It is
        found only with its capitals, also in the plural.
    aliases
        A pattern that finds any alias in a text; None if there are no aliases.
    """

    phrases_to_embed: tuple[str, ...]
    words: frozenset[str]
    names: tuple[re.Pattern[str], ...]
    aliases: re.Pattern[str] | None

    def overlap(self, passage: str, passage_stems: frozenset[str]) -> float:
        """Give the share of the wording's content words that a passage contains; 1 if it contains an alias."""
        if self.aliases is not None and self.aliases.search(passage):
            return 1.0
        number = len(self.words) + len(self.names)
        found = len(self.words & passage_stems) + sum(bool(name.search(passage)) for name in self.names)
        return found / number if number else 0.0


@lru_cache(maxsize=4096)
def search_terms(statement: str, aliases: tuple[str, ...] = ()) -> SearchTerms:
    """Prepare the terms of a wording; the result is kept, because a wording is asked of thousands of articles."""
    read = as_statement(statement)
    words = _words_of(read)
    all_capitals = read.isupper() and len(words) > 1
    names = () if all_capitals else tuple(name for name in dict.fromkeys(words) if name in _ABBREVIATIONS)
    return SearchTerms(
        phrases_to_embed=tuple(text for text in (read, *aliases) if text.strip()),
        words=_stems(word for word in words if word not in names),
        names=tuple(_as_whole_words([_with_or_without_dots(name) + "s?"]) for name in names),
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
        as_a_word = len(words) == 1 and len(alias) >= _LETTERS_OF_A_WORD and alias.lower() not in _STOPWORDS
        if _LETTERS_AND_DOTS.fullmatch(alias):
            pattern = _with_or_without_dots(alias)
        return f"{pattern}|{_in_any_typesetting(alias.capitalize())}" if as_a_word else pattern
    if len(words) == 1 and alias[0].isupper() and alias.lower() in _STOPWORDS | _NAMES_AND_WORDS:
        return f"{re.escape(alias[0])}(?i:{_in_any_typesetting(alias[1:])})"
    if alias in _OTHER_WORDS_WITH_S:
        return f"(?i:{pattern})"
    return f"(?i:{between.join([*typed[:-1], _or_plural(words[-1], typed[-1])])})"


def _with_or_without_dots(letters: str) -> str:
    """Give a pattern for an abbreviation: "US" for "U.S." too, and the reverse."""
    return r"\.?".join(letters.replace(".", "")) + r"\.?"


def _in_any_typesetting(word: str) -> str:
    """Give a pattern for a word, also with other characters for its hyphens and apostrophes."""
    parts = []
    for letter in word:
        like = next((some for some in (_APOSTROPHES, _HYPHENS) if letter in some), None)
        parts.append(f"[{like}]" if like else re.escape(letter))
    return "".join(parts)


def _or_plural(word: str, typed: str) -> str:
    """Extend the pattern of an alias's last word by its plural, unless it has a capital or may be one already."""
    if not (word[-1].isalpha() and word.islower() and len(word) >= _A_PLURAL_HAS) or word.endswith("s"):
        return typed
    return f"{typed[:-1]}(?:y|ies)" if _Y_AFTER_CONSONANT.search(word) else f"{typed}(?:e?s)?"
