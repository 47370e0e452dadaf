"""Targets: questions are turned into statements, and words are prepared by which a passage about a target is found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
#: Yes-or-no questions.
_YES_OR_NO = re.compile(
    r"^(should|must|can|could|will|would|may|is|are|was|were|do|does|did|has|have|had) (.+?)\s*\?$",
    re.IGNORECASE,
)
_COPULAS = frozenset(("is", "are", "was", "were"))
_MODALS = frozenset(("should", "must", "can", "could", "will", "would", "may"))
#: Without parsing it is not known where the subject of a question ends. It can end before these words: the first
#: pattern is for "Should the death penalty ...", the second for "Is the death penalty ...".
_VERB = re.compile(r" (?=(?:not )?(?:be|have|get|remain|become|receive) )", re.IGNORECASE)
_PREDICATE = re.compile(
    r" (?=(?:a|an|the|too|more|less|good|bad|right|wrong|ever|still|really|"
    r"necessary|safe|ethical|effective|harmful|beneficial|justified|worth|better|worse|important|possible|likely)\b)",
    re.IGNORECASE,
)
#: The lengths of the subject of "Is ...", in characters.
_SHORTEST, _LONGEST = 3, 80
#: No subject ends with one of these words: "Is the ban on the burqa justified?", "Are all the good jobs gone?".
_OPEN = re.compile(
    r"(?:^|.* )(?:about|across|after|against|along|amid|among|around|as|at|before|behind|below|between|beyond|by|"
    r"despite|during|except|for|from|in|inside|into|like|near|of|on|onto|outside|over|per|than|through|throughout|to|"
    r"toward|towards|under|until|unlike|upon|versus|via|vs|with|within|without|and|or|nor|but|not)"
    r"|all|both|half|such",
    re.IGNORECASE,
)
#: ... except a preposition at the end of a clause without a relative pronoun: "the world we live in".
_STRANDED = re.compile(r".*\b(?:we|you|they|i|he|she) \w+ \w+", re.IGNORECASE)
#: After these words, "to" and a verb belong to the subject: "Should the right to have an abortion be protected?".
_NOUN_WITH_TO = re.compile(
    r".*\b(?:ability|attempts?|chance|choice|decisions?|duty|efforts?|freedom|liberty|licen[cs]e|obligation|"
    r"opportunity|permission|plans?|power|proposals?|refusal|requirement|rights?|wish)(?: not)? to",
    re.IGNORECASE,
)
#: The object of a verb form: "Is raising the minimum wage good?", but not "Is gambling the best way ...".
_OBJECT = re.compile(
    r"the (?!(?:best|first|key|last|leading|main|most|next|only|right|wrong|\w+est)\b)", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:a|an|the) ", re.IGNORECASE)
_ENDS_IN_ARTICLE = re.compile(r"(?:^|.* )(?:a|an|the)(?: far)?", re.IGNORECASE)
#: Before an article, these words are a verb whose object follows: "the best way to ensure a safe world".
_ENDS_IN_VERB = re.compile(r".* (?:to \w+|\w+ing)", re.IGNORECASE)
_ENDS_IN_VERB_OF_CHANGE = re.compile(r".* (?:becoming|doing|getting)", re.IGNORECASE)
#: After such a beginning, the predicate comes first: "Is it fine to give to a party?", "Is he as good as the others?".
_NO_LATER_PLACE = re.compile(r"(?:it|there|they|we|you|he|she|i) .*|.* as \w+ as", re.IGNORECASE)
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

    "Should euthanasia be legal?" becomes "Euthanasia should be legal", and "Is the ban on the burqa justified?" becomes
    "The ban on the burqa is justified". If the end of the subject is not known without parsing, the order of the words
    stays: "Does trade raise wages?" becomes "It is true that trade raise wages". This
    is poor grammar but it helps: 130 statements on dev op-eds were made into questions, and the author's side was the
    likelier one for 49 in 100 as questions and for 79 in 100 as such statements. Any other text is returned unchanged,
    except that its white space is tidied.
    """
    text = _SPACES.sub(" ", target).strip()
    if not text.endswith("?") or _INTERROGATIVE.match(text):
        return text
    if not (match := _YES_OR_NO.match(text)):
        return text
    first, rest = match[1].lower(), match[2]
    end = None
    if first in _MODALS:
        end = _before_verb(rest)
    elif first in _COPULAS and not _CLAUSE.search(rest):
        end = _before_predicate(rest)
    if end is not None:
        return f"{_capital(rest[:end])} {first} {rest[end + 1 :]}"
    return f"It {first} be that {rest}" if first in _MODALS else f"It is true that {rest}"


def _before_verb(rest: str) -> int | None:
    """Find where the subject ends in what follows the modal verb of a question; None if that is not plain."""
    for place in _VERB.finditer(rest):
        subject = rest[: place.start()]
        if not subject or _CLAUSE.search(subject):
            return None
        if not _is_open(subject):
            return place.start()
        if not _NOUN_WITH_TO.fullmatch(subject):
            return None
    return None


def _before_predicate(rest: str) -> int | None:
    """Find where the subject ends in what follows "is" or "are" at the beginning of a question; None if not plain.

    It ends at the first possible place, except after a preposition and before the object of a verb form. Then a later
    place is taken if it is plain: not in the middle of a noun phrase, and not before the object of an infinitive.
    """
    first = None
    passed = False
    for place in _PREDICATE.finditer(rest):
        end = place.start()
        if not _SHORTEST <= end <= _LONGEST:
            continue
        subject, predicate = rest[:end], rest[end + 1 :]
        article = bool(_ARTICLE.match(predicate))
        if _is_open(subject):
            if _NO_LATER_PLACE.fullmatch(subject) or (subject.lower().endswith(" as") and not article):
                return first
            passed = True
        elif not passed and first is None:
            if _ENDS_IN_ARTICLE.fullmatch(subject):
                return None
            if not (subject.lower().endswith("ing") and _OBJECT.match(predicate)):
                return end
            first = end
        elif not (
            _ENDS_IN_ARTICLE.fullmatch(subject)
            or _ENDS_IN_VERB_OF_CHANGE.fullmatch(subject)
            or (article and _ENDS_IN_VERB.fullmatch(subject))
        ):
            return end
    return first


def _is_open(subject: str) -> bool:
    """Whether words are missing at the end of a supposed subject: "the ban on"."""
    return bool(_OPEN.fullmatch(subject)) and not _STRANDED.fullmatch(subject)


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
