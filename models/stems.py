"""Stems: the content words of a statement or passage, cut so that inflected forms of one word are equal.

The stemmers of libraries are made for searches. They cut more, so that words of politics that differ are equal:
Snowball's has one stem for "socialism" and "social", "capitalism" and "capital", "police" and "policing", "important"
and "import". A passage about social media would then have all words of the target "socialism".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
#: Initials: "U.S." is the word "US", and "J. K. Rowling" the same as "J.K. Rowling".
_INITIALS = re.compile(r"\b[A-Z]\.(?: ?[A-Z]\.){1,5}+(?!\w)|\b(?:[A-Z]\.){1,5}[A-Z]\b(?!\.)")
#: "don't", "they'll": a contraction holds common words only. "it's" is left to the removal of a possessive.
_CONTRACTIONS = ("n't", "'re", "'ve", "'ll", "'m", "'d")
_COMMON = """
a about after again against all also an and any are as at bad be because been before being better between
both but by can could countries country did do does down for from further good government had has have he
her here his how i if in into is it its itself just made make may me might more most must my need needs no nor
not of off on once only or other ought our out over own people right same shall she should so some such
than that the their them then there these they thing things this those through to too under until up us use
used using very was we were what when where which while who whom why will with would wrong yes you your
"""
STOPWORDS = frozenset(_COMMON.split())
#: Endings of inflected forms, and the least number of letters before them: "relations" is no form of "rely".
_ENDINGS = (
    *(("ations", 4), ("ation", 4), ("ings", 3), ("ing", 3), ("ies", 2), ("ied", 2)),
    *(("es", 4), ("ed", 3), ("s", 3), ("e", 4)),
)
_PLURAL_IN_ES = re.compile(r"\w\w(?:x|ch|sh|ss)es$")
_SHORT_BEFORE_E = re.compile(r"[^aeiou][aeiou][^aeiouwxy]")
_FINAL_Y = re.compile(r"[^aeiou]y$")
#: Of an adverb such as "legally", at least three letters stand before this ending.
_ADVERB_OF_AL, _LETTERS_BEFORE = "ally", 3
#: Stems that the rules leave unlike those of the same word in other forms.
_STEMS_OF_THE_SAME_WORD = {
    **{"buse": "bus", "citation": "cite", "gase": "gas", "taxation": "tax"},
    **{"eas": "ease", "hyp": "hype", "typ": "type", "urg": "urge"},
    **{"deliveri": "deliver", "difficulti": "difficult", "guilti": "guilt", "healthi": "health"},
    **{"recoveri": "recover", "wealthi": "wealth"},
}


def stems(text: str) -> frozenset[str]:
    """Give the content words of a text, cut to stems: "reactors" equals "reactor", "banned" equals "banning"."""
    return stems_of(words_of(text))


def words_of(text: str) -> list[str]:
    """Give the words of a text as they are written, but initials without their full stops."""
    return _WORD.findall(_INITIALS.sub(lambda match: re.sub(r"\W", "", match[0]), text))


def stems_of(words: Iterable[str]) -> frozenset[str]:
    """Give the stems of the content words among words."""
    plain = (word.lower().replace("’", "'").removesuffix("'s") for word in words)
    return frozenset(
        _stem(word) for word in plain if word not in STOPWORDS and not word.endswith(_CONTRACTIONS)
    )


def _stem(word: str) -> str:
    """Cut a word to its stem, so that inflected forms are equal and words of other meaning are not.

    A final y stays, as i: "parties" equals "party" and not "part". A short word keeps its e, and gets it back after
    another ending: "caring" equals "care" and not "car". "Legally" equals "legal".
    """
    is_adverb = word.endswith(_ADVERB_OF_AL) and len(word) >= _LETTERS_BEFORE + len(_ADVERB_OF_AL)
    stem = _by_rule(word.removesuffix("ly") if is_adverb else word)
    return _STEMS_OF_THE_SAME_WORD.get(stem, stem)


def _by_rule(word: str) -> str:
    if _PLURAL_IN_ES.search(word):
        word = word.removesuffix("es")
    for ending, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = word[: -len(ending)] + ("i" if ending in {"ies", "ied"} else "")
            if ending in {"ings", "ing", "ed"} and _SHORT_BEFORE_E.fullmatch(word):
                return f"{word}e"
            break
    if _FINAL_Y.search(word):
        word = f"{word[:-1]}i"
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
