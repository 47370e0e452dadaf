"""Questions with "not": those that ask the same without it, and those to which the meaning of a yes is not plain."""

from __future__ import annotations

import re

from models.subject_patterns import COPULAS, MODALS, PARTICIPLE, PREDICATE, PRONOUN, QUANTIFIER
from models.subject_patterns import FIRST_VERBS as _VERBS

#: "Wasn't the war a mistake?" asks the same as "Was the war a mistake?".
_DENIED = re.compile(
    r"^(?:(can)(?:['’]?t|not)|(wo)n['’]t|(sha)n['’]t|(should|must|could|would|might|ought|is|are|was|were|do|does|did|has|have|had)"
    r"n['’]t)(?= )",
    re.IGNORECASE,
)
#: "Should not the rich pay more?" asks the same as "Shouldn't the rich pay more?". "Is not voting a crime?" and "Should
#: not only the rich pay?" do not, and it is not plain what "Are not all men equal?" asks.
_DENIED_FIRST = re.compile(
    rf"^({_VERBS}) not (?=\S+ )(?!(?:be|become|better|enough|even|get|have|just|less|merely|more|one|"
    rf"only|receive|remain|to|a single|{QUANTIFIER})\b|(?-i:[a-z]{{2,}}ing\b))",
    re.IGNORECASE,
)
#: "Don't send troops to Ukraine?" and "Do nothing?" are demands. "Don't the rich pay?" and "Don't young people vote?"
#: are questions: behind "don't", only the base form of a verb that is hardly a subject shows a demand.
DEMAND = re.compile(
    r"^(?:do (?:away with|it|nothing|something)\b|(?:do not|don['’]t) (?:abandon|abolish|accept|allow|appease|arm|ban|"
    r"blame|bomb|boycott|build|call|cancel|censor|close|criminali[sz]e|cut|decriminali[sz]e|defund|deny|deport|elect|"
    r"expand|fear|force|forget|forgive|fund|give|ignore|impeach|increase|interfere|intervene|invade|invest|jail|kill|"
    r"leave|legali[sz]e|let|lift|listen|lower|make|nationali[sz]e|negotiate|normali[sz]e|pay|privati[sz]e|punish|raise|"
    r"reduce|reform|regulate|repeal|restrict|scrap|sell|send|shut|spend|stop|subsidi[sz]e|surrender|talk|"
    r"tax(?! (?:breaks|credits|cuts|havens|hikes|increases|rates|rises)\b)|teach|tell|treat|trust(?! funds\b)|turn|"
    r"underestimate|use|vote|wait|waste|worry)\b).*\?$",
    re.IGNORECASE,
)
#: "Should abortion be legal?" is what "Should or should not abortion be legal?" asks. Not behind "whether".
_OR_NOT = re.compile(
    rf"^((?:(?!(?:as|how|if|what|when|where|whether|which|who|why)\b)\S+ )*?)({_VERBS}) or (?:\2 ?not|\2n['’]t|"
    r"(?<=can or )can['’]?t|(?<=will or )won['’]t)(?= )",
    re.IGNORECASE,
)
#: "Is it not time?" asks the same as "Isn't it time?"; "Is it not only a crime but a mistake?" does not.
_DENIED_LATER = re.compile(
    rf"^({_VERBS}) (it|there|they|we|you|he|she|i) not (?!(?:only|merely)\b)|"
    rf"(?<=: )({_VERBS}) (it|they) not (?!(?:only|merely)\b)",
    re.IGNORECASE,
)
_SHORTENED = {"wo": "will", "sha": "shall"}
#: After these words "not" does not deny the question: "algorithms, not people", "crimes they did not commit".
BEFORE_ANOTHER_NOT = re.compile(
    r".*,|and|but|or|if|that|for|by|of|do|does|did|has|have|had|is|are|was|were|will|would|should|can|could|"
    r".*['’](?:m|re|s)",
    re.IGNORECASE,
)
_OF_NO_DENIAL = re.compile(r"to|just|only|\w+ing", re.IGNORECASE)
#: The most words of a subject before "not", if it is not known where the subject ends.
_SHORT_SUBJECT = 3
#: "Is the government not doing enough?" is denied. "Is people not voting a problem?" is not: its predicate comes later.
_DENIED_PROGRESSIVE = re.compile(
    rf"(?:\S+ ){{0,{_SHORT_SUBJECT - 1}}}(\S+) not (?:[a-z]+ing|being (?:{PARTICIPLE.pattern}))(?=$| )"
)
_QUANTITY = re.compile(r" (?:any|anything|enough|more)\b")


def affirmative(question: str) -> str:
    """Give a question its mark, and take a denial from its beginning: "Isn't it time" becomes "Is it time?"."""
    if DEMAND.match(f"{question}?"):
        return f"{question}?"
    plain = _OR_NOT.sub(r"\1\2", question)
    plain = _DENIED_LATER.sub(lambda match: " ".join(filter(None, match.groups())) + " ", plain)
    plain = _DENIED_FIRST.sub(r"\1 ", plain)
    return _DENIED.sub(_affirmed, plain) + "?"


def is_denied(first: str, rest: str) -> bool:
    """Whether "not" seems to follow the subject, so that the meaning of a yes is not plain.

    "Was the war not a mistake?" asks the same as "Wasn't the war a mistake?", but "Is the choice not to vote a
    mistake?" is no denial. After a modal verb ("Should the rich not be taxed?"), "not" is taken literally.
    """
    if first in MODALS or PRONOUN.match(rest):
        return False
    if first in COPULAS:
        if _denies_a_progressive(rest):
            return True
        return any(_ends_in_denial(rest[: place.start()].split(" ")) for place in PREDICATE.finditer(rest))
    words = rest.split(" ")
    return any(
        _ends_in_denial(words[: index + 1]) and not _OF_NO_DENIAL.fullmatch(words[index + 1])
        for index in range(1, min(_SHORT_SUBJECT, len(words) - 2) + 1)
    )


def _denies_a_progressive(rest: str) -> bool:
    """Whether "not" and a form in -ing are the predicate: "Is the government not doing enough?"."""
    form = _DENIED_PROGRESSIVE.match(rest)
    if form is None or BEFORE_ANOTHER_NOT.fullmatch(form[1]):
        return False
    return bool(_QUANTITY.match(rest, form.end())) or not PREDICATE.search(rest, form.end())


def _ends_in_denial(words: list[str]) -> bool:
    return len(words) > 1 and words[-1].lower() == "not" and not BEFORE_ANOTHER_NOT.fullmatch(words[-2])


def _affirmed(match: re.Match[str]) -> str:
    verb = next(group for group in match.groups() if group)
    return _SHORTENED.get(verb.lower(), verb)
