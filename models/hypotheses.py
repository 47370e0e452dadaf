"""Hypotheses: a target as a sentence that a text can entail, for models of natural language inference (NLI).

A statement is such a sentence already. A phrase ("nuclear power") has no verb, so it is put into a sentence. There is
no parser. When in doubt a target stays as it is, because "The author supports Rent control hurts tenants." is no
sentence at all, while most models read a bare phrase.
"""

from __future__ import annotations

import re
from itertools import pairwise


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[\w'’-]+")
#: A text with one of these words has a finite verb: it is a sentence already.
_CERTAIN = re.compile(
    r"\b(should|must|is|are|was|were|can|cannot|will|would|has|have|had|does|do|did|ought|may|might|could|be|"
    r"\w+n['’]t)\b",
    re.IGNORECASE,
)
#: After these words no verb follows, but a noun: "the need for reform", "a ban on drugs".
_BEFORE_A_NOUN = _words(
    "a an the this that these those no any every each all some more fewer less my our your his her its their of on for "
    "in at by with from against about under over between among to into without and or as than per"
)
#: Before these words ends a phrase, and the object of a verb rarely begins: "weapons of war", "drugs and alcohol".
_AFTER_A_NOUN = _words("of on for in at by with from against about under over between and or as")
#: Common verbs in the form that follows a plural: "tariffs raise prices".
_BASE_FORMS = _words(
    "abuse accept achieve affect alienate allow attack bear become belong benefit betray block boost breed break "
    "bring build bully cause cheat choose commit contribute control corrupt cost create cripple damage degrade "
    "deny depress deprive deserve destroy deter devalue discourage discriminate distort distract disrupt divide "
    "drive empower enable encourage endanger enrich ensure erode exacerbate exclude exploit expose fail feed "
    "fight follow force fuel get give go grow harm hate help hinder hurt ignore imperil impose improve increase "
    "inspire justify keep kill know lack lead learn lie lose make matter mean mislead need oppress outweigh owe "
    "pay perpetuate poison pollute preserve prevent produce promote protect prove provide punish put raise reduce "
    "reinforce remain require restrict ruin save serve spend spread steal stifle stop strengthen suffer support "
    "take teach think threaten undermine uphold use violate want waste weaken widen win work worsen"
)
#: Base forms that are also nouns, with and without s: "price controls", "arms control", "tax breaks for the rich".
_NOUNS_TOO = _words(
    "abuse attack benefit block boost break cause control cost drive fight force fuel increase mean need raise "
    "support use"
)
_PLURALS = _words("people men women children police media they we")
#: Plurals that are the first part of a name: "human rights law", "sports betting".
_FIRST_PARTS = _words(
    "rights sports arms drugs sales savings weapons affairs politics economics news states nations games"
)
_ARTICLES = _words("a an the its their our his her")
#: Words before an article that do not make a sentence of the text: "Behind the wall", "All the young".
_BEFORE_AN_ARTICLE = _BEFORE_A_NOUN | _words("behind beyond both half only not")


def hypothesis(statement: str, *, is_nli: bool) -> str:
    """Turn a target into a sentence that a text can entail; for a stance model the target is not changed."""
    if not is_nli or not _is_surely_a_phrase(statement):
        return statement
    return f"The author supports {statement.rstrip('.?! ')}."


def _is_surely_a_phrase(text: str) -> bool:
    if _CERTAIN.search(text):
        return False
    words = _WORD.findall(text)
    if _is_demand(words):
        return False
    # In a headline, a capital is no sign of a name.
    are_names = any(word[0].islower() for word in words)
    followed = [*words[2:], ""]
    return not any(
        _may_be_a_verb(word, before.lower(), after, is_last_but_one=position == len(words) - 3)
        for position, ((before, word), after) in enumerate(zip(pairwise(words), followed, strict=False))
        if not (are_names and word[0].isupper() and word.endswith("s"))
    )


def _is_demand(words: list[str]) -> bool:
    """Whether a text begins with a verb and its object, "Abolish the monarchy"; "Banning the burqa" is a phrase."""
    first, second = [*(word.lower() for word in words[:2]), "", ""][:2]
    return second in _ARTICLES and not first.endswith("ing") and first not in _BEFORE_AN_ARTICLE


def _may_be_a_verb(word: str, before: str, after: str, *, is_last_but_one: bool) -> bool:
    """Whether a word may be a finite verb, by its ending and by the words before and after it."""
    if before in _BEFORE_A_NOUN:
        return False
    follows, known = after.lower(), word.lower()
    is_plural = before in _PLURALS or (before.endswith("s") and not before.endswith(("ss", "'s", "’s")))
    has_no_object = not follows or follows in _AFTER_A_NOUN
    if known in _BASE_FORMS:
        return is_plural and not (before in _FIRST_PARTS and known in _NOUNS_TOO and has_no_object)
    if known.endswith("s") and not known.endswith(("ss", "us", "is", "'s", "’s")):
        if known.removesuffix("s") in _NOUNS_TOO:
            return not has_no_object
        if known.removesuffix("s") in _BASE_FORMS or known.removesuffix("es") in _BASE_FORMS:
            return (before, known) != ("public", "works")
        # "Brexit splits the country" has an object of several words or a name; "war crimes tribunals" has none.
        is_one_noun = is_last_but_one and after.islower()
        return not has_no_object and not is_one_noun and known not in _FIRST_PARTS
    return known.endswith("ed") and (follows in _ARTICLES or after[:1].isupper())
