"""Questions with "not": those that ask the same without it, and those to which the meaning of a yes is not plain."""

from __future__ import annotations

import re

from models.question_words import FIRST_VERBS as _VERBS
from models.question_words import QUANTIFIER

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


def affirmative(question: str) -> str:
    """Give a question its mark, and take a denial from its beginning: "Isn't it time" becomes "Is it time?"."""
    if DEMAND.match(f"{question}?"):
        return f"{question}?"
    plain = _OR_NOT.sub(r"\1\2", question)
    plain = _DENIED_LATER.sub(lambda match: " ".join(filter(None, match.groups())) + " ", plain)
    plain = _DENIED_FIRST.sub(r"\1 ", plain)
    return _DENIED.sub(_affirmed, plain) + "?"


def _affirmed(match: re.Match[str]) -> str:
    verb = next(group for group in match.groups() if group)
    return _SHORTENED.get(verb.lower(), verb)
