"""Questions to which "yes" is no plain answer, so that nobody can be for or against them.

``as_statement`` (:mod:`models.questions`) turns a yes-or-no question into the statement that a yes makes. "Who should
pay for the war?" has no yes, and the yes to "Is Trump or Biden the better president?" does not say which. They are
read all the same, and a side may be stated, which means nothing. There is no parser: only plain cases are recognised,
and "or" alone is none, as in "Should smoking in bars or restaurants be banned?".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from models.opinion_questions import INDIRECT
from models.question_words import CAUSES, FIRST_VERBS, MODALS, PARTICIPLE, QUANTIFIER
from models.questions import as_question, as_statement, names_both_sides
from models.target_marks import without_marker, without_quotation_marks

_ASKS_FOR_MORE = "who|whom|whose|what|which|when|where|why|how"
_BEFORE = "about|against|at|by|for|from|in|of|on|to|under|with"
_VERB = "should|shall|must|can|could|would|might|ought|is|are|was|were|do|does|did|has|have|had"
#: "WHO funding should be cut?" is about an organisation, and "WHO SHOULD PAY?" asks for a person.
_ORGANISATION = r"(?-i:WHO\b(?=.*[a-z]))"
#: "Who should pay?", "In what way is it worse?", "The war: who should pay?".
_WITH_MARK = re.compile(
    rf"(?:[^:?]{{3,80}}: )?(?:(?:{_BEFORE}) )?(?!{_ORGANISATION})(?:{_ASKS_FOR_MORE})(?:['’]s|['’]re)?\b.*\?$",
    re.IGNORECASE,
)
#: "How should we vote" is one without its mark. "What happened was a crime" and "Who governs matters" are statements,
#: and so are "Who can wait eats better" and "Who will win will depend on turnout", which has a second verb.
_MODAL = "should|can|could|will|would|must"
_NAMES = r"(?:we|you|they|he|she|it|i|the|an?|our|your|their|this|these|(?-i:[A-Z])[\w'’.-]*)"
_NO_SECOND_VERB = (
    rf"(?!.*(?:[,;:?]|\b(?:is|are|was|were|has|had|does|did|{_MODAL})\b"
    r"|\b(?:counts?|depends?|matters?|remains?|seems?)\b))"
)
_WITHOUT_MARK = re.compile(
    r"(?:why|how|where) (?:should|can|could|do|does|did) "
    rf"|(?!{_ORGANISATION})who (?-i:{_MODAL}) (?-i:[a-z]+)(?:$| {_NAMES}\b| (?:{_BEFORE}) |(?<=\bbe) [\w-]+$)"
    rf"{_NO_SECOND_VERB}"
    rf"|what (?-i:{_MODAL}|do|does|did) {_NAMES} {_NO_SECOND_VERB}"
    # "Which party should win", but not "Which we should regret".
    rf"|which (?!(?:we|you|they|he|she|it|i|the|a|an|never|also|still|\w+ly) )[\w'’-]+ (?-i:{_MODAL}) {_NO_SECOND_VERB}"
    rf"|when (?-i:{_MODAL}|do|does|did|is|are) {_NAMES} {_NO_SECOND_VERB}",
    re.IGNORECASE,
)
#: "War or peace?", "Messi vs Ronaldo?", "AI: threat or opportunity?", but not the name of a case.
_CHOICE_OF_NAMES = re.compile(
    r"(?:[^:?]{2,80}: )?(?!(?:Brown|Dobbs|Loving|Marbury|Miranda|Obergefell|Plessy|Roe) vs?\b)"
    rf"(?:(?!(?:{_VERB}|shall|will|may|be|it|they|we|you|he|she|i)\b)[^\s?,:;]+ ){{1,3}}(?:or|vs?\.?|versus)"
    rf"(?: (?!(?:{_VERB}|shall|will|may|be|it|they|we|you|he|she|i)\b)[^\s?,:;]+){{1,3}} ?\?$",
    re.IGNORECASE,
)
_BEGINS_WITH_VERB = re.compile(rf"(?:{_VERB}) ", re.IGNORECASE)
#: Two words of which only one can be meant.
_OPPOSITES = (
    ("agree", "disagree"),
    ("better", "worse"),
    ("expand", "shrink"),
    ("friends?", "(?:foes?|enem(?:y|ies))"),
    ("good", "(?:bad|evil)"),
    ("guilty", "innocent"),
    ("helps?", "(?:hurts?|harms?|hinders?)"),
    ("helping", "(?:hurting|harming|hindering)"),
    ("hero(?:es)?", "villains?"),
    ("increase", "decrease"),
    ("legal", "illegal"),
    ("leave", "(?:remain|stay)"),
    ("lower", "higher"),
    ("more", "(?:fewer|less)"),
    ("raise", "(?:cut|lower)"),
    ("raised", "(?:cut|lowered|reduced)"),
    ("right", "wrong"),
    ("rise", "fall"),
    ("safe", "dangerous"),
    ("succeed", "fail"),
    ("success(?:es)?", "failures?"),
    ("support", "oppose"),
    ("true", "false"),
    ("yes", "no"),
)
#: Of these, only one can be meant after "too": "Are taxes too high or too low?".
_OPPOSITES_AFTER_TOO = (
    ("big", "small"),
    ("early", "late"),
    ("fast", "slow"),
    ("few", "many"),
    ("far", "(?:little|near)"),
    ("harsh", "(?:lax|lenient|mild|soft|weak)"),
    ("high", "low"),
    ("large", "small"),
    ("little", "much"),
    ("long", "short"),
    ("old", "young"),
    ("soon", "late"),
    ("strict", "(?:lax|lenient|soft|weak)"),
    ("strong", "weak"),
    ("tough", "(?:lax|lenient|soft|weak)"),
)
_A = r"(?:(?:a|an|the) )?"
#: "or" without a choice: "all immigrants, legal or illegal, get ...", and "has more or less lost the war".
_NO_CHOICE = re.compile(
    rf", (?:[\w'’-]+ ){{1,3}}or (?:[\w'’-]+ ){{0,2}}[\w'’-]+(?=,)|\bmore or less (?={PARTICIPLE.pattern})"
)
#: "Should they not be deported?": it is not plain whether a yes is for or against. "Should we not only ..." is plain.
#: An introduction can be before it: "In hindsight, should we not have invaded Iraq?".
_NOT_AFTER_PRONOUN = re.compile(
    rf"(?:^|[,:] | [–-] | ?— ?)(?:{'|'.join(sorted(MODALS))}|ought) "
    r"(?:it|there|they|we|you|he|she|i) not (?!(?:only|merely)\b)",
    re.IGNORECASE,
)
#: After these words "not" does not deny the question: "algorithms, not people", "crimes they did not commit".
_BEFORE_ANOTHER_NOT = re.compile(
    r".*,|and|but|or|if|that|for|by|of|do|does|did|has|have|had|is|are|was|were|will|would|should|can|could|"
    r".*['’](?:m|re|s)",
    re.IGNORECASE,
)
#: "Are not all men equal?"
_NOT_ALL = re.compile(rf"(?:{FIRST_VERBS}) not (?:{QUANTIFIER})\b", re.IGNORECASE)
_MODAL_AND_NOT = re.compile(rf"\b(?:{'|'.join(sorted(MODALS))}) not (?!(?:only|merely)\b)", re.IGNORECASE)
#: "It should be that the rich not pay more": the words kept their order, and "not" follows a short subject.
_NOT_IN_ORDER = re.compile(
    rf"It (?:{'|'.join(sorted(MODALS))}) be that "
    rf"(?P<subject>(?:(?!(?:that|who|which|to)\b)\S+ ){{0,3}}?)(?P<last>\S+) not "
    rf"(?!(?:born|just|only|merely|to|at|about|because|by|for|from|in|of|on|with|as|an?|the|\w+ing|{PARTICIPLE.pattern})\b)",
    re.IGNORECASE,
)
_EITHER_WAY = "|".join(rf"{a} or {_A}{b}|{b} or {_A}{a}" for a, b in _OPPOSITES)
_TOO = "|".join(rf"{a} or (?:too )?{b}|{b} or (?:too )?{a}" for a, b in _OPPOSITES_AFTER_TOO)
_ALTERNATIVES = re.compile(
    # "Should it be legal or not?"
    r"\bor (?:not|no|neither|both)\?$"
    # "Is he a hero or is he a villain?"
    rf"|\bor,? (?:{_VERB})(?:n['’]t)? (?:it|they|we|you|he|she|i|there|the|a|an)\b"
    # "Is Trump or Biden the better president?", "Does a tax or a ban do more good?"
    r"|^(?:is|are|was|were|do|does|did|will|would|has|have) (?!(?:it|there|they|we|you|he|she|i) )"
    r"(?:[\w'’.-]+ ){1,4}or (?:[\w'’.-]+ ){1,4}?(?:better|worse|best|worst|bigger|greater|larger|lesser|"
    r"(?:more|less|most|least) (?!than\b)[\w-]+)\b(?!.* than\b)"
    # "Should Britain remain in the union or leave it?"
    rf"|^(?:{'|'.join(sorted(MODALS))}) (?:(?!(?:that|to|who|which)\b)[\w'’.-]+ ){{1,5}}?"
    r"(?:(?:remain|stay)\b.* or (?:go|leave)|leave\b.* or (?:remain|stay))\b"
    # "Are taxes too high or too low?"
    rf"|^(?!.*\bwhether\b).*\btoo (?:{_TOO})\b"
    rf"|\b(?:{_EITHER_WAY})\b"
    # "Is it too much, too little or about the right amount?"
    r"|\bor (?:just |exactly )?(?:about|exactly|just) (?:the )?right\b"
    # "Do you prefer lower taxes or better services?", "Would you rather have peace or justice?"
    r"|\b(?:do|would) you (?:prefer|rather (?:have|see)) (?!that\b)[^,]+ or [^,]+\?$"
    # "Are taxes too high? Should they be cut?"
    rf"|[^?]\? (?:{FIRST_VERBS}|{_ASKS_FOR_MORE})\b.*\?$",
    re.IGNORECASE,
)
#: "The treaty is a triumph or a disaster": a question is turned first, because then it is known where its subject ends.
_ONE_OF_TWO = re.compile(
    r"(?:(?!(?:if|that|to|when|which|who)\b)\S+ ){1,6}?(?:is|are|was|were|be|been) (?:an?|the) (?:[\w-]+ )?[\w-]+,? or "
    r"(?:just |merely |only |rather )?(?:an?|the) (?:[\w-]+ )?[\w-]+(?: (?:about|for|in|of|on|to) .*)?",
    re.IGNORECASE,
)


def has_no_yes(target: str) -> bool:
    """Whether a target is a question to which "yes" is no plain answer.

    "Do you favor or oppose a ban?" is none: it is read as a question about the ban. A denied question such as "Was the
    war not a mistake?" is one too: it is not plain what its yes means.
    """
    text = without_quotation_marks(without_marker(" ".join(target.split())))
    if _WITHOUT_MARK.match(text.lower() if text.isupper() else text):
        return True
    if INDIRECT.match(text):
        return _names_alternatives(as_statement(target))
    question = as_question(target)
    if question is None:
        return False
    statement = as_statement(question)
    # Of "agree or disagree" none is meant, but what is asked about can be a choice.
    if names_both_sides(question):
        return _names_alternatives(statement)
    # "When it comes to guns, is the law too weak?" begins with such a word too, and is turned into a statement.
    if statement.endswith("?") and (_WITH_MARK.match(question) or _BEGINS_WITH_VERB.match(question)):
        return True
    return (
        _CHOICE_OF_NAMES.match(question) is not None
        or _ALTERNATIVES.search(_NO_CHOICE.sub("", question)) is not None
        or _ONE_OF_TWO.fullmatch(statement.rstrip("?")) is not None
        or _asks_with_not(question, statement)
    )


def _names_alternatives(statement: str) -> bool:
    return bool(_ALTERNATIVES.search(f"{statement}?") or _ONE_OF_TWO.fullmatch(statement))


def _asks_with_not(question: str, statement: str) -> bool:
    """Whether it asks "Are not all ...", or "not" follows a modal verb's subject: "Should the rich not be taxed?"."""
    if _NOT_AFTER_PRONOUN.search(question) or _NOT_ALL.match(question):
        return True
    if in_order := _NOT_IN_ORDER.match(statement):
        before = f"{in_order['subject']}{in_order['last']} "
        return (
            in_order["last"] != "rather"
            and not _BEFORE_ANOTHER_NOT.fullmatch(in_order["last"])
            and not CAUSES.match(before)
        )
    return not _MODAL_AND_NOT.search(question) and _MODAL_AND_NOT.search(statement) is not None


def remark_on(targets: Iterable[str]) -> str | None:
    """Write which of some targets are such questions and what to do; None if none of them is."""
    named = [repr(" ".join(target.split())) for target in dict.fromkeys(targets) if has_no_yes(target)]
    if not named:
        return None
    return (
        f"{', '.join(named)}: no plain yes or no answers such a question, so a side stated on it has no meaning. "
        "Write a statement that one can be for or against instead, and one for each answer if several are possible: "
        '"Rich countries should pay for the war" and not "Who should pay for the war?"'
    )
