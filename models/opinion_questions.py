"""Questions that ask for an opinion on a matter: "Do you support a ban?", "Does the author think that ...?"."""

from __future__ import annotations

import re

from models.question_words import MODALS

_MODAL = "|".join((*sorted(MODALS), "ought"))
#: Whose opinion is asked: that of the person who answers, or of the author.
_AUTHOR = r"(?:the|this) (?:author|writer|columnist|article|column|essay|op-ed|piece|text)"
_ASKED = rf"(?:(?:do|would) you|does {_AUTHOR})"
_BE_ASKED = rf"(?:(?:are|would) you(?: be)?|is {_AUTHOR})"
_HOW = r"(?:generally |honestly |personally |really |somewhat |strongly |tend to )?"
_FOR = r"(?:(?:strongly |neither )?(?:support|favou?r|agree(?: with| to)?|approve(?: of)?))"
_AGAINST = r"(?:(?:strongly )?(?:oppose|disapprove(?: of)?|disagree(?: with)?|object to|reject))"
_OR = r"(?:,? n?or |, |/)"
#: "favor or oppose": both sides are named, so none is meant.
_PAIR = rf"(?:{_FOR}{_OR}{_AGAINST}|{_AGAINST}{_OR}{_FOR}|{_FOR}{_OR}{_FOR}{_OR}{_AGAINST})"
_EITHER_SIDE = rf"{_PAIR}(?:{_OR}(?:{_FOR}|{_AGAINST}))*"
_FOR_OR_AGAINST = (
    r"(?:(?:for|in favou?r(?: of)?) or (?:against|opposed to)|"
    r"(?:against|opposed(?: to)?) or (?:for|in favou?r of))"
)
_VIEW = r"(?:image|impression|opinion|view) of"
_GOOD, _BAD = r"(?:very )?(?:favou?rable|positive)", r"(?:very )?(?:negative|unfavou?rable)"
_GOOD_VIEW = rf"have an? (?:{_GOOD}(?: or (?:an? )?{_BAD})?|{_BAD} or (?:an? )?{_GOOD}) {_VIEW}"
_CLAIM = r"the (?:following )?(?:argument|belief|claim|idea|notion|opinion|proposition|statement|view)"
_AGREE = rf"(?:agree|{_EITHER_SIDE})(?: with {_CLAIM})?(?! (?:with )?{_CLAIM}(?: that|:))"
#: "Does the author say that ...", but not "say whether ..." and not "feel sorry for ...", which is no clause.
_SAY = (
    r"(?:accept|argue|claim|feel|say)(?! (?:how|what|when|where|whether|which|who|whom|why)\b)"
    r"(?=:|,? that |.*\b(?:am|is|are|was|were|has|have|had|should|must|can|could|will|would|may|might)\b)"
)
#: "Do you support the view that taxes are too high?", but not "the idea of a tax", and not "reject the view that ...".
_HOLD = (
    rf"(?:accept|back|believe(?: in)?|endorse|favou?r|hold|share|support) {_CLAIM}"
    rf"(?=:|,? that (?!(?:is|are|was|were|has|have|had|does|did|{_MODAL})\b))"
)
#: Questions that ask for an opinion on what follows.
OPINION = re.compile(
    rf"^(?:{_ASKED} {_HOW}(?:{_AGREE}|{_HOLD}|think|believe|{_SAY})(?::|,? that)?|is it true that) "
    r"(?!(?:with|about|of|in|to|for|against|highly|or)\b)(.+? .+?)\s*\?$",
    re.IGNORECASE,
)
SUPPORT = re.compile(
    rf"^(?:{_BE_ASKED} (?:{_FOR_OR_AGAINST}|in favou?r of|for)|"
    rf"{_ASKED} {_HOW}(?:{_EITHER_SIDE}|support|favou?r|agree (?:with|to)|approve of|believe in|endorse|welcome|"
    rf"advocate|argue for|call for|{_GOOD_VIEW})) "
    r"(?!or\b)(.+?)\s*\?$",
    re.IGNORECASE,
)
#: "Critical of Trump for being weak" is not against all that Trump is.
_BE_AGAINST = r"against|critical of(?!.* for\b)|opposed to"
OPPOSITION = re.compile(
    rf"^(?:{_BE_ASKED} (?:{_BE_AGAINST})|{_ASKED} {_HOW}criticis?z?e(?!.* for\b)|"
    rf"{_ASKED} {_HOW}(?:oppose|disapprove of|disagree with|object to|reject|argue against|have an? {_BAD} {_VIEW})) "
    r"(?!or\b)(.+?)\s*\?$",
    re.IGNORECASE,
)
BOTH_SIDES = re.compile(rf"(?:{_BE_ASKED} {_FOR_OR_AGAINST}|{_ASKED} {_HOW}{_EITHER_SIDE})\b", re.IGNORECASE)
#: "The author is against a ban" says of the author what "Is the author against a ban?" asks.
AUTHOR_AGAINST = re.compile(
    rf"^(?:whether )?{_AUTHOR} is ((?:{_BE_AGAINST}) (?!it that\b).+)$", re.IGNORECASE
)
#: "The author supports a ban" says of the author what "Does the author support a ban?" asks.
OF_AUTHOR = re.compile(
    rf"^(?:whether )?{_AUTHOR} ({_HOW})((?:accept|advocate|agree|approve|argue|believe|call|claim|criticise|"
    r"criticize|disagree|disapprove|endorse|favou?r|hold|object|oppose|reject|say|share|support|think|welcome))s "
    r"(?!(?:neither|no|nobody|none|nor|nothing)\b)(.+)$",
    re.IGNORECASE,
)
#: "Whether abortion should be legal", but not "Whether he should go is unclear" or "Whether God exists is unknown": it
#: has one verb, and before a verb other than "should" and its like a short subject.
INDIRECT = re.compile(
    r"^whether (?:or not )?(?!.*\b(?:affects?|concerns?|counts?|depends?|determines?|divides?|makes?|matters?|"
    r"means?|remains?|seems?|splits?|turns|worries)\b)"
    rf"((?:(?!(?:am|is|are|was|were|has|have|had|does|did|{_MODAL})\b)[^\s,]+ )+?(?:{_MODAL}) "
    rf"(?!.*\b(?:is|are|was|were|has|does|did|{_MODAL})\b).+?"
    r"|(?:(?:(?:the|an?|our|this|these|those) )?[\w'’-]+|"
    r"(?-i:(?!(?:he|it|men|people|police|she|they|we|who|women|you)\b)[a-z-]+[^\Ws] [a-z-]+[^\Wd]))"
    r" (?:is|are|was|were|has|have) (?!(?:an? matter|another|disputed|irrelevant|not|un\w+|up to)\b)"
    rf"(?!.*\b(?:is|are|was|were|has|does|did|{_MODAL})\b).+?)(?:,? or not)?\s*\??$",
    re.IGNORECASE,
)
#: What is opposed is plural if its head is: "tariffs on steel", "the police and the army".
_HEAD = re.compile(r"^.+?(?= (?:on|of|in|for|from|to|by|with|against|at|that|who|which)\b|$)", re.IGNORECASE)
_PLURAL = re.compile(
    r"(?!\w+ing\b).*(?:[^\Wsui]s|people|men|women|children|police|media| and .*)", re.IGNORECASE
)


def is_or_are(subject: str) -> str:
    """Give the verb in the number of a subject: "tariffs on steel are", "the tariff is"."""
    head = _HEAD.match(subject)
    return "are" if head and _PLURAL.fullmatch(head[0]) else "is"
