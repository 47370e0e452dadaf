"""Yes-or-no questions are turned into the statement that the answer "yes" makes.

The network was trained on statements. In English, a question changes the place of its verb ("Is nuclear power safe?"),
and the subject must be found to put the verb back. There is no parser: the subject ends where a word of a short list
follows, and if this is not plain, the words keep their order after "It is true that", which the network understands
better than a question.
"""

from __future__ import annotations

import re
from itertools import pairwise

_SPACES = re.compile(r"\s+")
_VERBS = "should|shall|must|can|could|will|would|may|might|is|are|was|were|do|does|did|has|have|had"  # in questions
_YES_OR_NO = re.compile(rf"^({_VERBS}) (.+?)\s*\?$", re.IGNORECASE)
#: A question without its mark. Other verbs also begin a phrase: "Will Smith", "May Day", "Do nothing".
_WITHOUT_MARK = re.compile(
    r"^(?:[Ss]hould|[Ii]s|[Aa]re|[Ww]as|[Ww]ere|[Dd]oes|[Dd]id)(?:n['’]t)? \S+ .*[\w)\"'’”]$"
)
_QUOTED = re.compile(r"^[\"“'‘](.+)[\"”'’]$")
#: "Wasn't the war a mistake?" asks the same as "Was the war a mistake?".
_DENIED = re.compile(
    r"^(?:(can)['’]?t|(wo)n['’]t|(sha)n['’]t|(should|must|could|would|might|is|are|was|were|do|does|did|has|have|had)"
    r"n['’]t)(?= )",
    re.IGNORECASE,
)
_SHORTENED = {"wo": "will", "sha": "shall"}
#: Questions that ask the person who answers for an opinion on what follows.
_OPINION = re.compile(
    r"^(?:(?:do|would) you (?:agree|think|believe|feel|say|accept)(?: that)?|is it true that) "
    r"(?!(?:with|about|of|in)\b)(.+?)\s*\?$",
    re.IGNORECASE,
)
_SUPPORT = re.compile(
    r"^(?:are you (?:for or against|in favou?r of)|do you (?:support|agree with|approve of|believe in)) (.+?)\s*\?$",
    re.IGNORECASE,
)
#: "Nuclear power: is it safe?"
_NAMED_FIRST = re.compile(rf"^([^:?]{{3,80}}): ({_VERBS}) (?:it|they) (.+?\?)$", re.IGNORECASE)
_COPULAS = frozenset(("is", "are", "was", "were"))
_MODALS = frozenset(("should", "shall", "must", "can", "could", "will", "would", "may", "might"))
#: A subject that is certainly whole.
_PRONOUN = re.compile(r"(?:it|there|they|we|you|he|she|i)(?= )", re.IGNORECASE)
#: Without parsing it is not known where the subject of a question ends. It can end before these words: the first
#: pattern is for "Should the death penalty ...", the second for "Is the death penalty ...".
_VERB = re.compile(r" (?=(?:not )?(?:be|have|get|remain|become|receive) )", re.IGNORECASE)
_PREDICATE = re.compile(
    r" (?=(?:a|an|the|any|no|too|more|less|good|bad|right|wrong|ever|still|really|actually|already|also|always|"
    r"completely|entirely|equally|fundamentally|inherently|largely|mainly|merely|mostly|never|now|primarily|purely|"
    r"simply|totally|truly|to blame|part of|"
    r"necessary|safe|ethical|effective|harmful|beneficial|justified|worth|better|worse|important|possible|likely)\b"
    r"|(?:able|bound|destined|eager|fit|free|going|ready|set|supposed|unable|unfit|unwilling|willing) (?:for|to)\b"
    # These can also be a part of the subject ("the legal system"), if they are not at the end.
    r"|(?:acceptable|compatible|constitutional|corrupt|cruel|dangerous|dead|doomed|enough|essential|fair|genuine|guilty|"
    r"harmless|illegal|immoral|inevitable|legal|legitimate|moral|natural|overrated|qualified|racist|real|reliable|"
    r"responsible|sound|sufficient|sustainable|true|unacceptable|unconstitutional|unfair|unqualified|useful|useless|"
    r"wise|worthwhile)(?=$| (?:for|to|in|with|of|on|at|about|than|enough)\b))",
    re.IGNORECASE,
)
#: The lengths of the subject of "Is ...", in characters.
_SHORTEST, _LONGEST = 3, 80
#: No subject ends with one of these words: "Is the ban on the burqa justified?", "Are all the good jobs gone?".
_OPEN = re.compile(
    r"(?:^|.* )(?:about|above|across|after|against|along|amid|among|around|as|at|before|behind|below|between|beyond|by|"
    r"despite|during|except|for|from|in|inside|into|like|near|of|off|on|onto|outside|over|per|than|through|throughout|"
    r"to|toward|towards|under|until|unlike|upon|versus|via|vs|with|within|without|and|or|nor|but|not)"
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
#: After these, "to" and a noun do: "Is access to water a human right?".
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
_ARTICLE = re.compile(r"(?:a|an|the) ", re.IGNORECASE)
_ENDS_IN_ARTICLE = re.compile(r"(?:^|.* )(?:a|an|the)(?: far)?", re.IGNORECASE)
#: Before an article, these words are a verb whose object follows: "the best way to ensure a safe world".
_ENDS_IN_VERB = re.compile(r".* (?:to \w+|\w+ing)", re.IGNORECASE)
_ENDS_IN_VERB_OF_CHANGE = re.compile(r".* (?:becoming|doing|getting)", re.IGNORECASE)
#: After such a beginning, the predicate comes first: "Was the mayor as good as the others?".
_NO_LATER_PLACE = re.compile(r".* as \w+ as", re.IGNORECASE)
#: A verb form after a noun is the verb of the question: "Is the West losing ...", "Are women paid ...". After these
#: words it is not: "the ban on smoking", "the housing market". Some nouns end like a verb form: "global warming".
_BEFORE_A_NOUN = re.compile(
    r"a|about|against|an|and|by|for|from|her|his|in|its|more|my|no|not|of|on|or|our|that|the|their|these|this|to|with|"
    r"your|.*(?:['’]s|ly)",
    re.IGNORECASE,
)
_PROGRESSIVE = re.compile(
    r"(?!(?:banking|bombing|building|drilling|farming|fishing|funding|gaming|housing|hunting|killing|king|learning|"
    r"lending|meeting|mining|morning|parenting|policing|schooling|shopping|something|spending|spring|teaching|testing|"
    r"thing|training|upbringing|voting|warming|wedding|wing)$)[a-z-]+ing"
)
_PARTICIPLE = re.compile(
    r"been|become|begun|broken|brought|built|come|done|driven|fallen|forgotten|found|given|gone|got|gotten|grown|kept|"
    r"lost|made|paid|proven|risen|seen|sent|shown|spent|stolen|taken|taught|told|won|[a-z]+[^\We]ed"
)
#: ... and these predicates show that it was a relative clause: "the law guarding the vote a good thing".
_RELATIVE = re.compile(
    r" (?!(?:becoming|calling|causing|doing|giving|making|offering|paying|sending|turning) )[a-z]+ing "
    r"(?:\S+ )*?\S+(?<!ing)(?<! away)(?<! down)(?<! off)(?<! out)(?<! up) an? .*"
)
#: After such a verb, another one without "to" can follow: "Will AI help us become better people?".
_CAUSES = re.compile(r".+ (?:allow|force|help|let|make|see|want|watch)s? ", re.IGNORECASE)
_CLAUSE = re.compile(r"\b(that|which|who|whom|because|if|when|unless|or|how|why|what)\b", re.IGNORECASE)
_QUOTATION_BEGINS = re.compile(r"[“‘]|(?<!\w)[\"']")
_QUOTATION_ENDS = re.compile(r"”|(?<=[\w.!?])’(?!\w)|(?<=[\w.!?])[\"'](?!\w)")


def as_statement(target: str) -> str:
    """Turn a yes-or-no question into the statement that the answer "yes" makes.

    "Should euthanasia be legal?" becomes "Euthanasia should be legal", and "Is the ban on the burqa justified?" becomes
    "The ban on the burqa is justified". If the end of the subject is not known without parsing, the order of the words
    stays: "Does trade raise wages?" becomes "It is true that trade raise wages". This is poor grammar but it helps: 130
    statements on dev op-eds were made into questions, and the author's side was the likelier one for 49 in 100 as
    questions and for 79 in 100 as such statements. Any other text is returned unchanged, except that its white space is
    tidied.
    """
    text = _SPACES.sub(" ", target).strip()
    asked = _QUOTED.sub(r"\1", text)
    if asked.endswith("?") or _WITHOUT_MARK.match(asked):
        return _of_question(_DENIED.sub(_affirmed, asked.rstrip("?").rstrip() + "?")) or text
    return text


def _of_question(text: str) -> str | None:
    """Turn a question with one space between words into a statement; None if it is not a yes-or-no question."""
    if named := _NAMED_FIRST.match(text):
        return f"{named[1]} {named[2].lower()} {named[3][:-1]}"
    if opinion := _OPINION.match(text):
        return _of_question(f"{opinion[1]}?") or _capital(opinion[1])
    if support := _SUPPORT.match(text):
        return _capital(support[1])
    return _turned(match[1].lower(), match[2]) if (match := _YES_OR_NO.match(text)) else None


def _turned(first: str, rest: str) -> str:
    """Put the first verb of a question behind the subject."""
    if first == "do":  # the other verb has the same form in the statement
        return _capital(rest)
    if end := _end_of_subject(first, rest):
        return f"{_capital(rest[:end])} {first} {rest[end + 1 :]}"
    return f"It {first} be that {rest}" if first in _MODALS else f"It is true that {rest}"


def _affirmed(match: re.Match[str]) -> str:
    verb = next(found for found in match.groups() if found)
    return _SHORTENED.get(verb.lower(), verb)


def _end_of_subject(first: str, rest: str) -> int | None:
    """Find where the subject ends in what follows the first verb of a question; None if that is not plain."""
    if first in ("does", "did"):
        return None
    if pronoun := _PRONOUN.match(rest):
        return pronoun.end()
    if first in _MODALS:
        return _before_verb(rest)
    end = _before_predicate(rest) if first in _COPULAS else _after_noun(_PARTICIPLE, rest)
    return None if end is None or _CLAUSE.search(rest[:end]) else end


def _before_verb(rest: str) -> int | None:
    """Find where the subject ends in what follows the modal verb of a question; None if that is not plain."""
    for place in _VERB.finditer(rest):
        subject = rest[: place.start()]
        if not subject or _CLAUSE.search(subject) or _CAUSES.match(f"{subject} "):
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
    passed = False
    verb = _after_noun(_PROGRESSIVE, rest)
    for place in _PREDICATE.finditer(rest):
        end = place.start()
        if not _SHORTEST <= end <= _LONGEST:
            continue
        subject, predicate = rest[:end], rest[end + 1 :]
        article = bool(_ARTICLE.match(predicate))
        if verb is not None and verb < end and not _RELATIVE.fullmatch(rest, verb):
            return verb
        if _is_open(subject):
            if _NO_LATER_PLACE.fullmatch(subject) or (subject.lower().endswith(" as") and not article):
                return None
            passed = True
        elif not passed:
            if _ENDS_IN_ARTICLE.fullmatch(subject):
                return None
            if not (subject.lower().endswith("ing") and _OBJECT.match(predicate)):
                return _unless_within(subject)
            passed = True
        elif not (
            _ENDS_IN_ARTICLE.fullmatch(subject)
            or _ENDS_IN_VERB_OF_CHANGE.fullmatch(subject)
            or (article and _ENDS_IN_VERB.fullmatch(subject))
        ):
            return _unless_within(subject)
    return _after_noun(_PARTICIPLE, rest) if verb is None else verb


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


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
