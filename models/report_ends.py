"""Where a report of others' words ends within a sentence, because the author answers it: "..., but they are wrong"."""

from __future__ import annotations

import re

# "The mayor, elected last year, said that the plan must go" has the clause after the verb and not before the comma.
HAS_A_CLAUSE = re.compile(
    r"^that\b|\b(?:is|are|was|were|has|have|had|will|would|must|should|\w{2,6}n['’]t)\b", re.IGNORECASE
)
# What an author calls the words of others when refuting them: "..., which is a lie", "..., which was plainly wrong".
_REFUTED = (
    r"(?:(?:absurd|bald-faced|baseless|bold|common|convenient|curious|cynical|dangerous|debunked|dubious|false|familiar|"
    r"flimsy|foolish|laughable|ludicrous|old|outright|patent|plain|popular|preposterous|ridiculous|silly|specious|strange|"
    r"tired|total|utter)\s)?"
    r"(?:lies?|falsehood|untruth|myth|fiction|fantasy|delusion|nonsense|fallacy|canard|half-truth|false|untrue|wrong|"
    r"absurd|baseless|laughable|ludicrous|preposterous|ridiculous|misleading|dishonest|disingenuous|nothing\sof\sthe|"
    r"(?:simply|just)\s(?:an?\s|plain\s)?(?:wrong|false|untrue|lies?|nonsense|not)\b|plainly\s|patently\s|flatly\s|"
    r"demonstrably\s|not\s(?:so|true|the\scase))"
)
# The author answers in the same sentence: "Critics say it will fail, but they are wrong".
_ANSWER = re.compile(
    rf"""["”’]?(?:;\s
          |:\s(?:it|they|this|that|he|she|we)\b
          |(?:,["”’]?\s|\s[—–-]{{1,3}}\s?)(?:but|yet|though|although|whereas)\b(?!\s(?:also|merely|rather|not|only|
            simply|mostly|instead|to|of|by|for|from)\b)
          |,["”’]?\s(?:and|so)\s(?:we|i|let|(?:it|they|this|that|he|she)(?:['’](?:s|re)|\s(?:is|are|was|were)))\b
          |(?:,["”’]?\sand\syet\b|\sand\syet,?\s(?:he|she|they|it|we|i|the|this|there)\b)
          |,["”’]?\sand\s(?!(?:\w+\s)?(?:that|it|they|he|she)\b)(?:[^\s,]+\s){{1,4}}?
            (?P<obliged>should|must)\b
          |,["”’]?\swhich\s(?:is|was|are|were)\s(?:an?\s)?{_REFUTED}
          |,["”’]?\san?\s(?:\w+\s)?(?:claim|lie|notion|assertion|falsehood|myth|fiction|fantasy)\b
          |,?["”’]?\swhen,?\sin\s(?:fact|reality|truth)\b
          # "Labour claims it can fix it — it can't", but not "Critics say it is weak — it doesn't go far enough".
          |\s?[—–]\s?(?:it|they|he|she|we)\s(?:ca|do|does|did|wo|is|are|was|were|has|have|had|would|could)
            (?:n['’]t|\snot|not)(?=[.,;!?]?["”’]?\s*$|[.;!?]\s)
          |\s?[—–]\s?(?P<then>(?:and\sthen|only\sto))\b
          |,?["”’]?\seven\sas\s(?:he|she|they)\b
          |\s?[—–]\s?(?:it|this|that)(?:['’]s|\s(?:is|was)(?:n['’]t)?)\b(?!,|[^—–]*[—–]))""",
    re.VERBOSE | re.IGNORECASE,
)
# "She said that she would not raise taxes – and then she raised them": the author tells what became of a promise.
_PROMISE = re.compile(r"\b(?:would|will|never)\b|['’](?:ll|d)\b|\bwon['’]t\b", re.IGNORECASE)
# No answer: the verb of a list, "banks, insurers, and funds must divest", and "it is not about X — it is about Y".
_DENIES = re.compile(r"\bnot\b|n['’]t\b", re.IGNORECASE)
_CONTRAST = re.compile(
    rf"\s?[—–]\s?(?:it|this)(?:['’]s|\s(?:is|was))\s(?!(?:an?\s)?(?:{_REFUTED}|just|exactly|precisely|indeed|and)\b)\w",
    re.IGNORECASE,
)


def end_of_report(text: str, begin: int, end: int) -> int:
    """Give the offset at which a report ends that begins at `begin` in a sentence that ends at `end`."""
    report = text[begin:end]
    clause, comma, denial = HAS_A_CLAUSE.search(report), report.find(","), _DENIES.search(report)
    for answer in _ANSWER.finditer(report):
        at = answer.start()
        in_a_list = answer["obliged"] and -1 < comma < at and not (clause and clause.end() <= at)
        in_a_contrast = denial and denial.end() <= at and _CONTRAST.match(report, at)
        no_promise = answer["then"] and not _PROMISE.search(report, 0, at)
        if not in_a_list and not in_a_contrast and not no_promise:
            return begin + at
    return end
