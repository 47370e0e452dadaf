"""Targets: questions are turned into statements, and words are prepared by which a passage about a target is found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SHOULD = re.compile(
    r"^(should|must|can|could|will|would|may) (.+?) "
    r"((?:not )?(?:be|have|get|remain|become|receive)) (.+?)\s*\?$",
    re.IGNORECASE,
)
_COPULA = re.compile(r"^(is|are|was|were) (.+?)\s*\?$", re.IGNORECASE)
#: Without parsing it is not known where the subject of "Is the death penalty ..." ends. Before these words it does end.
_PREDICATE = re.compile(
    r"^(.{3,80}?) ((?:a|an|the|too|more|less|good|bad|right|wrong|ever|still|really|"
    r"necessary|safe|ethical|effective|harmful|beneficial|justified|worth|better|worse|important|possible|likely)"
    r"\b.*)$",
    re.IGNORECASE,
)
#: Yes-or-no questions of any other form.
_YES_OR_NO = re.compile(
    r"^(should|must|can|could|will|would|may|is|are|was|were|do|does|did|has|have|had) (.+?)\s*\?$",
    re.IGNORECASE,
)
_MODALS = frozenset(("should", "must", "can", "could", "will", "would", "may"))
_CLAUSE = re.compile(r"\b(that|which|who|whom|because|if|when|unless|or|how|why|what)\b", re.IGNORECASE)
_INTERROGATIVE = re.compile(r"^(what|why|how|who|whom|whose|which|where|when)\b", re.IGNORECASE)

_COMMON = """
a about after again against all also an and any are as at bad be because been before being better between
both but by can could countries country did do does down for from further good government had has have he
her here his how i if in into is it its itself just made make may me more most must my need needs no nor
not of off on once only or other ought our out over own people right same shall she should so some such
than that the their them then there these they thing things this those through to too under until up use
used using very was we were what when where which while who whom why will with would wrong yes you your
"""
_STOPWORDS = frozenset(_COMMON.split())


def as_statement(target: str) -> str:
    """Turn a yes-or-no question into the statement that the answer "yes" makes.

    "Should euthanasia be legal?" becomes "Euthanasia should be legal". If the end of the subject is not known without
    parsing, the order of the words stays: "Does trade raise wages?" becomes "It is true that trade raise wages". This
    is poor grammar but it helps: 130 statements on dev op-eds were made into questions, and the author's side was the
    likelier one for 49 in 100 as questions and for 79 in 100 as such statements. Any other text is returned unchanged,
    except that its white space is tidied.
    """
    text = _SPACES.sub(" ", target).strip()
    if not text.endswith("?") or _INTERROGATIVE.match(text):
        return text
    if (match := _SHOULD.match(text)) and not _CLAUSE.search(match[2]):
        modal, subject, verb, rest = match.groups()
        return f"{_capital(subject)} {modal.lower()} {verb} {rest}"
    if (match := _COPULA.match(text)) and not _CLAUSE.search(match[2]):
        parts = _PREDICATE.match(match[2])
        if parts and not re.match(r"(the|a|an)$", parts[1], re.IGNORECASE):
            return f"{_capital(parts[1])} {match[1].lower()} {parts[2]}"
    if match := _YES_OR_NO.match(text):
        first, rest = match[1].lower(), match[2]
        return f"It {first} be that {rest}" if first in _MODALS else f"It is true that {rest}"
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


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
    known = [r"\s+".join(re.escape(word) for word in alias.split()) for alias in aliases if alias.strip()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(known)})(?!\w)", re.IGNORECASE) if known else None
