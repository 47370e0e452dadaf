"""Where the subject of a yes-or-no question ends.

There is no parser: the subject ends where a word of a short list follows.
"""

from __future__ import annotations

import re
from itertools import pairwise

_COPULAS = frozenset(("is", "are", "was", "were"))
MODALS = frozenset(("should", "shall", "must", "can", "could", "will", "would", "may", "might"))
#: A subject that is certainly whole.
_PRONOUN = re.compile(r"(?:it|there|they|we|you|he|she|i)(?= )", re.IGNORECASE)
#: Without parsing it is not known where the subject of a question ends. It can end before these words: the first
#: pattern is for "Should the death penalty ...", the second for "Is the death penalty ...".
_VERB = re.compile(r" (?=(?:not )?(?:be|have|get|remain|become|receive) )", re.IGNORECASE)
_PREDICATE = re.compile(
    r" (?=(?:a|an|the|any|no|too|more|less|good|bad|right(?! (?:a|an|the)\b)|wrong|ever|still|really|actually|already|"
    r"also|always|completely|entirely|equally|fundamentally|inherently|largely|mainly|merely|mostly|never|now|primarily|purely|"
    r"simply|totally|truly|to blame|part of|"
    r"necessary|safe|ethical|effective|harmful|beneficial|justified|worth|better|worse|important|possible|likely)\b"
    r"|(?:able|bound|destined|eager|fit|free|going|ready|set|supposed|unable|unfit|unwilling|willing) (?:for|to)\b"
    r"|(?:big|brave|clear|close|cruel|deep|early|far|fast|firm|good|hard|harsh|high|honest|large|long|mature|old|open|"
    r"poor|popular|qualified|rich|serious|smart|strict|strong|tough|wealthy|well|wide) enough\b"
    # These can also be a part of the subject ("the legal system"), if they are not at the end.
    r"|(?:acceptable|compatible|constitutional|corrupt|cruel|dangerous|dead|doomed|enough|essential|fair|genuine|guilty|"
    r"harmless|illegal|immoral|inevitable|legal|legitimate|moral|natural|overrated|qualified|racist|real|reliable|"
    r"responsible|sound|sufficient|sustainable|true|unacceptable|unconstitutional|unfair|unqualified|useful|useless|"
    r"wise|worthwhile)(?=$| (?:for|to|in|with|of|on|at|about|than|enough)\b))",
    re.IGNORECASE,
)
#: The lengths of the subject of "Is ...", in characters; a name such as "AI" or "UN" has only two.
_SHORTEST, _LONGEST = 3, 80
_SHORT_NAME = re.compile(r"[A-Z]{2}")
#: No subject ends with one of these words: "Is the ban on the burqa justified?", "Are all the good jobs gone?".
_OPEN = re.compile(
    r"(?:^|.* )(?:about|above|across|after|against|along|amid|among|around|as|at|before|behind|below|between|beyond|by|"
    r"despite|during|except|for|from|in|inside|into|like|near|of|off|on|onto|outside|over|per|than|through|throughout|"
    r"to|toward|towards|under|until|unlike|upon|versus|via|vs|with|within|without|and|or|nor|but|not)"
    r"|all|both|half|such",
    re.IGNORECASE,
)
#: But a subject can end with a preposition that ends a clause without a relative pronoun: "the world we live in".
_STRANDED = re.compile(r".*\b(?:we|you|they|i|he|she) \w+ \w+", re.IGNORECASE)
#: After these words, "to" and a verb belong to the subject: "Should the right to have an abortion be protected?".
_NOUN_WITH_TO = re.compile(
    r".*\b(?:ability|attempts?|chance|choice|decisions?|duty|efforts?|freedom|liberty|licen[cs]e|obligation|"
    r"opportunity|permission|plans?|power|proposals?|refusal|requirement|rights?|wish)(?: not)? to",
    re.IGNORECASE,
)
#: After these words, "to" and a noun belong to the subject: "Is access to water a human right?".
_NOUN_TO_NOUN = re.compile(
    r".*\b(?:access|aid|alternatives?|answers?|approach|attitude|commitment|contribution|damage|debt|exposure|harm|"
    r"key|links?|loyalty|objections?|opposition|path|resistance|response|return|road|route|solutions?|threats?|ties|"
    r"transition|visits?|way) to \w+",
    re.IGNORECASE,
)
_ENDS_IN_TO = re.compile(r"(.*\bto) \w+", re.IGNORECASE)
#: The object of a verb form: "Is raising the minimum wage good?", but not "Is gambling the best way ...".
_OBJECT = re.compile(
    r"the (?!(?:answer|best|cause|enemy|first|future|key|last|leading|main|most|next|only|price|problem|reason|result|"
    r"right|solution|wrong|\w+est)\b)",
    re.IGNORECASE,
)
#: This may be the object of a verb form that begins a subject: "owning a gun", "building more roads".
_POSSIBLE_OBJECT = re.compile(r"\w+ing (?:a|an|any|no|more|less) \S+ ", re.IGNORECASE)
#: These verb forms have an object or a complement, so that the subject does not end behind them.
_NEEDS_OBJECT = re.compile(
    r"(?:being|buying|doing|getting|giving|having|keeping|letting|making|owning|putting|taking|using) ",
    re.IGNORECASE,
)
#: After such an object the predicate begins with one of these words: "Is owning a gun a right?", but not "Is voting a
#: good idea?" and not "Is smoking a legal right?".
_AFTER_OBJECT = re.compile(
    r" (?=(?:a|an|any|no|too|more|less|ever|still|really|actually|already|also|always|never|now|worth)\b"
    r"|the (?:answer|best|cause|enemy|first|future|key|last|leading|main|most|next|only|price|reason|result|right|"
    r"solution|\w+est)\b"
    r"|(?:good|bad|right|wrong|necessary|safe|ethical|effective|harmful|beneficial|justified|better|worse|important|"
    r"possible|acceptable|dangerous|enough|fair|illegal|immoral|legal|moral|racist|unfair|useless|wise)"
    r"(?=$| (?:for|to|in|with|of|on|at|about|than|enough)\b))",
    re.IGNORECASE,
)
#: No subject ends between these words and their noun.
_ENDS_BEFORE_NOUN = re.compile(r".* (?:a|an|the|any|no|more|less)", re.IGNORECASE)
_ENDS_IN_NOUN_PHRASE, _MAY_BE_A_NOUN = (
    re.compile(r".* (?:a|an) \S+", re.IGNORECASE),
    ("right", "good", "wrong"),
)
_ARTICLE = re.compile(r"(?:a|an|the) ", re.IGNORECASE)
_ARTICLE_OR_NUMBER = re.compile(r"(?:a|an|the|any|no|more|less) ", re.IGNORECASE)
_ENDS_IN_ARTICLE = re.compile(r"(?:^|.* )(?:a|an|the)(?: far)?", re.IGNORECASE)
#: Before an article, these words are a verb whose object follows: "the best way to ensure a safe world".
_ENDS_IN_VERB = re.compile(r".* (?:to \w+|\w+ing)", re.IGNORECASE)
_ENDS_IN_VERB_OF_CHANGE = re.compile(r".* (?:becoming|doing|getting)", re.IGNORECASE)
#: After such a beginning, the predicate comes first: "Was the mayor as good as the others?".
_NO_LATER_PLACE = re.compile(r".* as \w+ as", re.IGNORECASE)
#: A verb form after a noun is the verb of the question: "Is the West losing ...", "Are women paid ...". After these
#: words it is not: "the ban on smoking", "the housing market". Some nouns end like a verb form: "global warming".
_BEFORE_A_NOUN = re.compile(
    r"a|about|after|against|an|and|as|at|before|between|but|by|despite|for|from|her|his|in|into|its|like|more|my|no|not|"
    r"of|on|or|our|over|per|than|that|the|their|these|this|those|through|to|under|via|while|with|without|your|.*(?:['’]s|ly)",
    re.IGNORECASE,
)
_PROGRESSIVE = re.compile(
    r"(?!(?:banking|bombing|building|drilling|farming|fishing|funding|gaming|housing|hunting|killing|king|learning|"
    r"lending|meeting|mining|morning|parenting|policing|schooling|shopping|something|spending|spring|teaching|testing|"
    r"thing|training|upbringing|voting|warming|wedding|wing)$)[a-z-]+ing"
)
#: A word without capitals before such a verb form can be a part of a noun: "carbon pricing", "insider trading".
_PART_OF_A_NOUN = re.compile(r"[a-z][\w-]*")
#: But not before these verb forms, which are rarely a part of a noun: "Is inflation making life harder?".
_RARELY_A_NOUN = re.compile(
    r"(?:becoming|beginning|being|betraying|blaming|bringing|calling|causing|changing|coming|corrupting|"
    r"costing|creating|crippling|declining|degrading|destroying|dividing|doing|driving|dying|eroding|"
    r"facing|failing|falling|forcing|gaining|getting|giving|going|growing|harming|having|helping|hurting|"
    r"ignoring|improving|increasing|keeping|killing|leaving|letting|losing|making|moving|offering|"
    r"overturning|paying|posing|preventing|proving|putting|reaching|replacing|returning|rising|ruining|"
    r"running|saving|seeking|sending|shrinking|slowing|spreading|standing|stealing|stopping|struggling|"
    r"succeeding|suffering|taking|tearing|threatening|trying|turning|undermining|weakening|winning|"
    r"worsening)(?= |$)"
)
_PARTICIPLE = re.compile(
    r"been|become|begun|broken|brought|built|come|done|driven|fallen|forgotten|found|given|gone|got|gotten|grown|kept|"
    r"lost|made|paid|proven|risen|seen|sent|shown|spent|stolen|taken|taught|told|won|[a-z]+[^\We]ed"
)
#: If this follows, the verb form belongs to a relative clause: "Is the law guarding the vote a good thing?".
_RELATIVE = re.compile(
    r" (?!(?:becoming|calling|causing|doing|giving|making|offering|paying|sending|turning) )[a-z]+ing "
    r"(?:\S+ )*?\S+(?<!ing)(?<! away)(?<! down)(?<! off)(?<! out)(?<! up) an? .*"
)
#: After such a verb, another one without "to" can follow: "Will AI help us become better people?".
_CAUSES = re.compile(r".+ (?:allow|force|help|let|make|see|want|watch)s? ", re.IGNORECASE)
_BE = re.compile(r"(?:not )?be ", re.IGNORECASE)
#: A clause whose first word is left out or begins one: "the damage they have caused", "once people have it".
_CLAUSE_BEFORE_VERB = re.compile(
    r".*\b(?:(?:we|you|they|i)|(?:once|until|before|after|while|as) .+)", re.IGNORECASE
)
#: After these verbs, "be" can belong to what is demanded: "require children be vaccinated".
_DEMANDS = re.compile(r".*\b(?:require|demand|insist|recommend) .+", re.IGNORECASE)
_CLAUSE = re.compile(r"\b(that|which|who|whom|because|if|when|unless|or|how|why|what)\b", re.IGNORECASE)
_QUOTATION_BEGINS = re.compile(r"[“‘]|(?<!\w)[\"']")
_QUOTATION_ENDS = re.compile(r"”|(?<=[\w.!?])’(?!\w)|(?<=[\w.!?])[\"'](?!\w)")
#: After these words "not" does not deny the question: "algorithms, not people", "crimes they did not commit".
_BEFORE_ANOTHER_NOT = re.compile(
    r".*,|and|but|or|if|that|for|by|of|do|does|did|has|have|had|is|are|was|were|will|would|should|can|could|"
    r".*['’](?:m|re|s)",
    re.IGNORECASE,
)
_OF_NO_DENIAL = re.compile(r"to|just|only|\w+ing", re.IGNORECASE)
#: The most words of a subject before "not", if it is not known where the subject ends.
_SHORT_SUBJECT = 3


def is_denied(first: str, rest: str) -> bool:
    """Whether "not" seems to follow the subject, so that the meaning of a yes is not plain.

    "Was the war not a mistake?" asks the same as "Wasn't the war a mistake?", but "Is the choice not to vote a
    mistake?" is no denial. After a modal verb ("Should the rich not be taxed?"), "not" is taken literally.
    """
    if first in MODALS or _PRONOUN.match(rest):
        return False
    if first in _COPULAS:
        return any(_ends_in_denial(rest[: place.start()].split(" ")) for place in _PREDICATE.finditer(rest))
    words = rest.split(" ")
    return any(
        _ends_in_denial(words[: at + 1]) and not _OF_NO_DENIAL.fullmatch(words[at + 1])
        for at in range(1, min(_SHORT_SUBJECT, len(words) - 2) + 1)
    )


def _ends_in_denial(words: list[str]) -> bool:
    return len(words) > 1 and words[-1].lower() == "not" and not _BEFORE_ANOTHER_NOT.fullmatch(words[-2])


def end_of_subject(first: str, rest: str) -> int | None:
    """Find where the subject ends in what follows the first verb of a question; None if that is not plain."""
    if first in ("does", "did"):
        return None
    if pronoun := _PRONOUN.match(rest):
        return pronoun.end()
    if first in MODALS:
        return _before_verb(rest)
    end = _before_predicate(rest) if first in _COPULAS else _after_noun(_PARTICIPLE, rest)
    return None if end is None or _CLAUSE.search(rest[:end]) else end


def _before_verb(rest: str) -> int | None:
    """Find where the subject ends in what follows the modal verb of a question; None if that is not plain."""
    for place in _VERB.finditer(rest):
        subject = rest[: place.start()]
        if not subject or _CLAUSE.search(subject) or _CAUSES.match(f"{subject} "):
            return None
        clause = _DEMANDS if _BE.match(rest, place.end()) else _CLAUSE_BEFORE_VERB
        if clause.fullmatch(subject):
            return None
        if not _is_open(subject):
            return place.start()
        if not _NOUN_WITH_TO.fullmatch(subject):
            return None
    return None


def _before_predicate(rest: str) -> int | None:
    """Find where the subject ends in what follows "is" or "are" at the beginning of a question; None if not plain."""
    verb = _after_noun(_PROGRESSIVE, rest)
    if verb is None and _POSSIBLE_OBJECT.match(rest):
        end = _after_object(rest)
        if end is not None or _NEEDS_OBJECT.match(rest):
            return end
    end, plain = _at_first_place(rest, verb)
    if plain:
        return end
    if verb is None:
        return _after_noun(_PARTICIPLE, rest)
    return _after_compound(rest, verb) if _may_be_within_a_noun(rest, verb) else verb


def _at_first_place(rest: str, verb: int | None) -> tuple[int | None, bool]:
    """Find the first place at which the subject can end, and whether a place, or that there is none, is plain.

    It ends at the first possible place, except after a preposition and before the object of a verb form. Then a later
    place is taken if it is plain: not in the middle of a noun phrase, and not before the object of an infinitive. No
    place counts behind a verb form that follows a noun.
    """
    passed = False
    for place in _PREDICATE.finditer(rest):
        end = place.start()
        if not (end >= _SHORTEST or _SHORT_NAME.fullmatch(rest, 0, end)) or end > _LONGEST:
            continue
        subject, predicate = rest[:end], rest[end + 1 :]
        article = bool(_ARTICLE.match(predicate))
        if verb is not None and verb < end and not _RELATIVE.fullmatch(rest, verb):
            return None, False
        if _is_open(subject):
            if _NO_LATER_PLACE.fullmatch(subject) or (subject.lower().endswith(" as") and not article):
                return None, True
            passed = True
        elif not passed:
            if _ENDS_IN_ARTICLE.fullmatch(subject):
                return None, True
            if not (subject.lower().endswith("ing") and _OBJECT.match(predicate)):
                return _unless_within(subject), True
            passed = True
        elif not (
            _ENDS_IN_ARTICLE.fullmatch(subject)
            or _ENDS_IN_VERB_OF_CHANGE.fullmatch(subject)
            or (article and _ENDS_IN_VERB.fullmatch(subject))
        ):
            return _unless_within(subject), True
    return None, False


def _may_be_within_a_noun(rest: str, verb: int) -> bool:
    """Whether a supposed verb form may belong to the noun before it: "carbon pricing", but not "inflation falling"."""
    before, form = rest[:verb], rest[verb + 1 :]
    return (
        " " in form
        and bool(_PART_OF_A_NOUN.fullmatch(before))
        and not before.endswith("s")
        and not _RARELY_A_NOUN.match(form)
    )


def _after_compound(rest: str, verb: int) -> int | None:
    """Find where the subject ends if it is a noun such as "carbon pricing"; None if what follows is not plain."""
    end = rest.index(" ", verb + 1)
    place = _PREDICATE.match(rest, end)
    return end if place and not _ARTICLE_OR_NUMBER.match(rest, place.end()) else None


def _after_object(rest: str) -> int | None:
    """Find where a subject such as "owning a gun" ends; None if what seems to be its object may be the predicate."""
    for place in _AFTER_OBJECT.finditer(rest, rest.index(" ") + 1):
        subject = rest[: place.start()]
        if _CLAUSE.search(subject):
            return None
        predicate = rest[place.end() :]
        if not (
            _is_open(subject)
            or _ENDS_BEFORE_NOUN.fullmatch(subject)
            or (_ARTICLE.match(predicate) and _ENDS_IN_VERB.fullmatch(subject))
            or (predicate.lower() in _MAY_BE_A_NOUN and _ENDS_IN_NOUN_PHRASE.fullmatch(subject))
        ):
            return place.start()
    return None


def _is_open(subject: str) -> bool:
    """Whether words are missing at the end of a supposed subject: "the ban on"."""
    return bool(_OPEN.fullmatch(subject)) and not _STRANDED.fullmatch(subject)


def _after_noun(verb_form: re.Pattern[str], rest: str) -> int | None:
    """Find where the subject ends before a verb form that follows a noun: "the West losing"; None if there is none."""
    end = 0
    for before, word in pairwise(rest.split(" ")):
        end += len(before) + 1
        if verb_form.fullmatch(word) and not _BEFORE_A_NOUN.fullmatch(before):
            return end - 1
    return None


def _unless_within(subject: str) -> int | None:
    """Give the end of a supposed subject without a participle of the predicate: "women paid" ends before "paid".

    It is None if a quotation, or an infinitive that may be a part of the predicate, begins in the supposed subject.
    """
    if (infinitive := _ENDS_IN_TO.fullmatch(subject)) and not (
        _NOUN_WITH_TO.fullmatch(infinitive[1]) or _NOUN_TO_NOUN.fullmatch(subject)
    ):
        return None
    if len(_QUOTATION_BEGINS.findall(subject)) > len(_QUOTATION_ENDS.findall(subject)):
        return None
    before, _, last = subject.rpartition(" ")
    if before and _PARTICIPLE.fullmatch(last) and not _BEFORE_A_NOUN.fullmatch(before.rpartition(" ")[2]):
        return len(before)
    return len(subject)
