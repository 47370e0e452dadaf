"""Yes-or-no questions are turned into the statement that the answer "yes" makes.

The network was trained on statements. In English, a question changes the place of its verb ("Is nuclear power safe?"),
and the subject must be found to put the verb back (`models.question_subjects`). If its end is not plain, the words keep
their order after "It is true that", which the network understands better than a question.
"""

from __future__ import annotations

import re

from models.denied_questions import DEMAND, affirmative
from models.opinion_questions import (
    AUTHOR_AGAINST,
    BOTH_SIDES,
    INDIRECT,
    OF_AUTHOR,
    OPINION,
    OPPOSITION,
    SUPPORT,
    is_or_are,
)
from models.question_subjects import end_of_subject, is_denied
from models.question_words import AFTER_HAS, MODALS, PARTICIPLE
from models.question_words import FIRST_VERBS as _VERBS
from models.target_marks import with_colon, without_answers, without_marker, without_quotation_marks
from models.titles import is_title

_SPACES = re.compile(r"\s+")
#: The characters of the longest text that is searched for a question.
_LONGEST = 1000
_YES_OR_NO = re.compile(rf"^({_VERBS}) (.+?)\s*\?$", re.IGNORECASE)
#: A question without its mark. Other verbs also begin a phrase: "Will Smith", "May Day", "Do nothing".
#: So does "not": "Should not exceed a page".
_WITHOUT_MARK = re.compile(
    r"^(?!\S+ not\b(?! (?:(?:our|the|their|these|this|those)|(?:(?!(?:and|be|or|to)\b)\S+ ){1,3}be)\b))"
    r"(?:[Ss]hould|[Ii]s|[Aa]re|[Ww]as|[Ww]ere|[Dd]oes|[Dd]id|[Oo]ught)(?:n['’]t)? \S+ .*(?:[\w)\"'’”]|\.\w\.)$"
)
#: Before these words, other verbs begin a question too: "Do you think", "Could AI", "Has Brexit failed".
_OTHERS_WITHOUT_MARK = re.compile(
    r"^(?=.*(?:[\w)\"'’”]|\.\w\.)$)"
    r"(?:(?:do you|(?:do|have)(?:n['’]t)? (?:they|we)|have you"
    r"|(?:can(?:['’]?t|not)?|must|shall|will|won['’]t) (?:he|it|she|there|they|we|you)"
    r"|(?:could|would)(?:n['’]t)? (?:(?-i:[A-Z])\S*|he|it|she|there|they|we|you|an?|the|this|these|those|our|their|"
    r"people)) \S+ \S"
    rf"|has(?:n['’]t)? (?!(?:all|an?|been|less|more|no|not|some|to|{PARTICIPLE.pattern})\b)"
    rf"(?:[^\s,]+ ){{1,6}}(?:{AFTER_HAS.pattern}|{PARTICIPLE.pattern})\b)",
    re.IGNORECASE,
)
#: A full stop that is no part of an abbreviation such as "U.S.".
_FULL_STOP = re.compile(r"(?<!\.\w)(?<!\.)\.$")
#: A full stop or an exclamation mark can also end a sentence without a subject, "Is an old firm.", or a condition.
_NO_QUESTION_WITH_STOP = re.compile(
    r".*[?,]|(?:does|did)\b|(?!should)\S+ (?:a|an|the|no|not|now|also|still|one)\b", re.IGNORECASE
)
#: A condition: "Should China attack Taiwan, the US should defend it".
_CONDITION = re.compile(
    r"(?:should|were) [^,]+, (?!(?:and|or)\b)"
    r".*\b(?:should|must|will|would|may|might|can|could|is|are|was|were|has|have)\b",
    re.IGNORECASE,
)
_CONDITION_OF_QUESTION = re.compile(rf"^(should|were|had) ([^,?]+), ((?:{_VERBS}) .+\?)$", re.IGNORECASE)
_CONTRACTED = rf"(?:{_VERBS})n['’]t|can['’]?t|won['’]t|shan['’]t"
#: "Brexit was a mistake, wasn't it?"
_TAGGED = re.compile(
    rf"^(?!(?:{_VERBS}|{_CONTRACTED}) |(?:how|what|which|who|whom|whose|why) (?:{_VERBS}) |"
    r"(?:how|when|where|which|whose|why)\b.*, (?:do|would) you )(.+),"
    rf" (?:(?:{_VERBS}|{_CONTRACTED}) (?:it|there|they|we|you|he|she|i)(?: not)?|agreed|correct|no|right|yes"
    r"|(?:do|would)(?:n['’]t)? you (?:not )?(?:agree|say|think))\?$",
    re.IGNORECASE,
)
#: "Taxes are too high. Do you agree?", "Taxes are too high: true or false?", "Higher taxes: for or against?".
_WITH_AGREEMENT = re.compile(
    rf"^(?!(?:{_VERBS}|{_CONTRACTED}|how|what|which|who|whom|whose|why) )[\"“]?([^?]+?)"
    r"(?:[.,;:!][\"”]?|[\"”]| [–-]| ?—) (?:(?:(?:do|don['’]t) you )?(?:agree|think so)(?:(?: or |/)disagree)?"
    r"(?: with (?:this|that)(?: (?:claim|opinion|statement|view))?)?"
    r"|(?:yes(?: or |/)no|true(?: or |/)false|for or against))\?$",
    re.IGNORECASE,
)
#: "In your opinion, is ...", "If they win, should ...", "Gaza: is ...", but not "Zoos, in my view, should close?".
_BEGINS_INTRODUCTION = (
    r"(?:according|after|all|although|amid|as|at|because|before|by|considering|despite|during|even|following|for|from|"
    r"given|if|in|like|looking (?:ahead|back)|now(?= that\b)|on|once|over(?:all)?|regarding|since|so|thinking|though|"
    r"today|under|unless|until|well|"
    rf"when(?! (?:{_VERBS}) )|while|with|without|\S+ly)\b"
)
_INTRODUCED = re.compile(
    r"^(?!(?:[^,:?]+: )?(?:\S+ )?(?:how|what|which|who|whom|whose|why)\b)(?!(?:are|did|do|does|is|should|was) )"
    rf"([^:?]{{2,80}}:|{_BEGINS_INTRODUCTION}[^,:?]*,) "
    rf"((?:{_VERBS}|{_CONTRACTED}) (?!(?:be|have|not)\b)[^?]+\?)$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^[\"“„'‘«(\[] ?(.+?) ?[\"”“'’»)\]]$")
#: "May Day should be abolished?" begins with a name: after "may" or "will" no verb with an ending follows. So does "IS
#: fighters should be deported?".
_NAME_FIRST = re.compile(
    r"^(?:(?:May|MAY|Will|WILL) [A-Z]\S*(?: (?!who|which|that|what|whom|and|or|if|as|where|when)\S+)?"
    r"|IS(?=.*[a-z]) \S+) "
    r"(?i:should|shall|must|can|could|will|would|may|might|is|are|was|were|does|did|has|had)\b"
)
#: The capital at the beginning of a word, but not those of an abbreviation.
_CAPITAL = re.compile(r"\b[A-Z](?=[a-z])")
#: "Is torture ever right?" asks whether it is sometimes right, and "Will there ever be peace?" whether one day.
_EVER = re.compile(r"^ever (?!(?:less|more|since|so|(?!better)\w+er)\b)", re.IGNORECASE)
_EVER_LATER = re.compile(
    r"^((?:(?!if |that |who |which )\S+ ){1,3})ever(?= (?!(?:less|more|since|so|\w+er)\b))", re.IGNORECASE
)
_SOMETIMES = dict.fromkeys(
    ("is", "are", "can", "could", "should", "does", "has", "have", "had"), "sometimes "
)
_SOMETIMES |= {"was": "once ", "were": "once ", "did": "once ", "will": "one day "}
_ANY = re.compile(
    r"^((?:sometimes |once |one day )?(?:be |been )?)any(?! longer\b)(?=(?:one|body|thing)?\b)", re.IGNORECASE
)
_ANYONE = re.compile(r"^any(?=(?:one|body|thing)$)", re.IGNORECASE)
#: "Should anyone be allowed to own a gun?" asks about everyone, and "Should anyone be above the law?" does not.
_MAY = re.compile(r"be (?:\w+ly )?(?:able|allowed|eligible|entitled|free|permitted) to\b", re.IGNORECASE)
#: "Nuclear power: is it safe?", but not "Israel: is it right to boycott it?", in which "it" is what follows.
_NAMED_FIRST = re.compile(rf"^([^:?]{{3,80}}): ({_VERBS}) (it|they) (.+?)\?$", re.IGNORECASE)
_IT_IS_WHAT_FOLLOWS = re.compile(
    r"(?:ever |still |have |need to )*(?:be |been )?(?:\w+ly |ever |still |too |an? )?"
    r"(?:time|right|wrong|good|bad|better|best|fair|unfair|ok|okay|wise|mistake|crime|good idea|bad idea|possible|"
    r"necessary|true|late|early|soon|legal|illegal|moral|immoral|acceptable|worth)\b.* (?:to|that) "
    # "Is it dangerous to appease him?", and "Is it too late?" without anything that follows.
    r"|(?>.*? to ).*\b(?:it|him|her|them)\b|(?:ever |still |already )?(?:be )?(?:too )?(?:late|early|soon)$",
    re.IGNORECASE,
)
#: "On climate" names what is spoken about, and is no subject.
_NO_SUBJECT = re.compile(
    r"(?:about|after|as for|as to|concerning|for|from|in|of|on|regarding|with) ", re.IGNORECASE
)


def as_statement(target: str) -> str:
    """Turn a yes-or-no question into the statement that the answer "yes" makes.

    "Should euthanasia be legal?" becomes "Euthanasia should be legal", and "Is the ban on the burqa justified?" becomes
    "The ban on the burqa is justified". If the end of the subject is not plain, the order of the words stays: "Is a
    four-day working week feasible?" becomes "It is true that a four-day working week feasible". This is poor grammar
    but it helps: 130 statements on dev op-eds were made into questions, and the author's side was the likelier one for
    49 in 100 as questions and for 79 in 100 as such statements. Any other text is returned unchanged, except that its
    white space is tidied and its final full stop is removed: the network was trained on statements without one, and
    with one it sees a stance more often. So is a question with "not" after its subject, such as "Was the war not a
    mistake?", because it is not plain what a yes to it means. Two kinds of such questions are turned all the same:
    after a pronoun the "not" is taken away ("Is it not time?" asks the same as "Isn't it time?"), and after a modal
    verb and another subject it stays ("Should the rich not be taxed?" becomes "The rich should not be taxed").
    """
    tidied = without_marker(_SPACES.sub(" ", target).strip())
    text = _FULL_STOP.sub("", tidied).rstrip() or tidied
    if len(tidied) > _LONGEST:
        return text
    text = _FULL_STOP.sub("", without_quotation_marks(text)).rstrip() or text
    question = as_question(target)
    if question is None:
        return _of_author(text) or text
    bare = question.removesuffix("?")
    if bare.isupper() and " " in bare:
        if _NAME_FIRST.match(bare):
            return text
        return (_of_question(affirmative(bare.lower())) or text).upper()
    return _of_question(affirmative(bare)) or text


def as_question(target: str) -> str | None:
    """Give the question of a target with one question mark and no quotation marks around it; None if it asks none.

    A question need not have a mark ("Should the rich be taxed"), and can have more than one ("Is it true?!"). None is
    a text with more than a thousand characters.
    """
    asked = _QUOTED.sub(r"\1", without_marker(_SPACES.sub(" ", target).strip()))
    if len(asked) > _LONGEST:
        return None
    asked = without_answers(asked)
    bare = asked.rstrip("?! ")
    if "?" in asked[len(bare) :]:
        return f"{bare}?"
    bare = _FULL_STOP.sub("", bare)
    words = bare.lower() if bare.isupper() else bare
    if not _WITHOUT_MARK.match(words) and (is_title(words) or not _OTHERS_WITHOUT_MARK.match(words)):
        return None
    ends_in_stop = bare != asked
    if _CONDITION.match(bare) or (ends_in_stop and _NO_QUESTION_WITH_STOP.match(bare)):
        return None
    return f"{bare}?"


def names_both_sides(question: str) -> bool:
    """Whether a question asks for an opinion and names both sides: "Do you favor or oppose a ban?"."""
    if _WITH_AGREEMENT.match(question):
        return True
    introduced = _INTRODUCED.match(question)
    return BOTH_SIDES.match(introduced[2] if introduced else question) is not None


def _of_question(text: str) -> str | None:
    """Turn a question with one space between words into a statement; None if it is not a yes-or-no question."""
    text = with_colon(text)
    if _NAME_FIRST.match(
        text
    ):  # "Do you think Will Smith should be banned?" asks for an opinion on a statement
        return None
    if named := _NAMED_FIRST.match(text):
        return _of_name(named)
    if (condition := _CONDITION_OF_QUESTION.match(text)) and (then := _of_question(condition[3])):
        return f"{then}, {condition[1].lower()} {condition[2]}"
    if tagged := _TAGGED.match(text) or _WITH_AGREEMENT.match(text):
        return _of_question(f"{tagged[1]}?") or _capital(tagged[1])
    if introduced := _INTRODUCED.match(text):
        return _introduced(introduced[1], introduced[2])
    return _of_opinion(text)


def _of_opinion(text: str) -> str | None:
    """Turn a question without an introduction into a statement: its matter, if it asks for an opinion."""
    if DEMAND.match(text):
        return text.removesuffix("?")
    if matter := _matter(text):
        return matter
    return _turned(match[1].lower(), match[2]) if (match := _YES_OR_NO.match(text)) else None


def _of_author(text: str) -> str | None:
    """Give the matter of "The author thinks that ...", or of an indirect question; None if a text is neither."""
    if against := AUTHOR_AGAINST.match(text):
        return _matter(f"Is the author {against[1]}?")
    if (said := OF_AUTHOR.match(text)) is None:
        return _capital(indirect[1]) if (indirect := INDIRECT.match(text)) else None
    return _matter(f"Does the author {said[1]}{said[2]} {said[3]}?")


def _matter(text: str) -> str | None:
    """Give the matter of a question that asks for an opinion; None if it does not."""
    if indirect := INDIRECT.match(text):
        return _capital(indirect[1])
    if opinion := OPINION.match(text):
        return _of_question(f"{opinion[1]}?") or _capital(opinion[1])
    if support := SUPPORT.match(text):
        return _capital(support[1])
    if opposition := OPPOSITION.match(text):
        return f"{_capital(opposition[1])} {is_or_are(opposition[1])} wrong"
    return None


def _of_name(named: re.Match[str]) -> str:
    name, verb, pronoun, predicate = named[1], named[2].lower(), named[3].lower(), named[4]
    if _NO_SUBJECT.match(name) or (pronoun == "it" and _IT_IS_WHAT_FOLLOWS.match(predicate)):
        return f"{name}: {pronoun} {verb} {_without_ever(verb, predicate)}"
    return f"{name} {verb} {_without_ever(verb, predicate)}"


def _introduced(introduction: str, question: str) -> str | None:
    """Turn a question behind an introduction; a first word that is no name gets its small letter again."""
    statement = _of_question(affirmative(question.rstrip("?")))
    if statement is None:
        return None
    first = statement.split(" ", 1)[0]
    is_as_written = first in question.rstrip("?").split(" ")[1:]
    return f"{introduction} {statement if is_as_written else statement[:1].lower() + statement[1:]}"


def _turned(first: str, rest: str) -> str | None:
    """Put the first verb of a question behind the subject; None if the question has "not" behind its subject."""
    # The verb forms of a headline begin with capitals, as names do: "Are Women Paid Less?".
    words = _CAPITAL.sub(lambda match: match[0].lower(), rest) if is_title(rest) else rest
    if is_denied(first, words):
        return None
    if first == "do":  # the other verb has the same form in the statement
        return _capital(_EVER_LATER.sub(r"\1sometimes", rest))
    if end := end_of_subject(first, words):
        return _asserted(rest[:end], first, rest[end + 1 :])
    if first == "ought":
        return None
    return f"It {first} be that {rest}" if first in MODALS else f"It is true that {rest}"


def _asserted(subject: str, verb: str, predicate: str) -> str:
    """Join the parts of a statement; "any" and "ever", which only a question has, become "some" and "sometimes"."""
    predicate = _without_ever(verb, predicate)
    if subject.lower() == "there":
        predicate = _ANY.sub(r"\1some", predicate)
    if verb not in ("can", "could") and not _MAY.match(predicate):  # "Anyone can be president" is a statement
        subject = _ANYONE.sub("some", subject)
    return f"{_capital(subject)} {verb} {predicate}"


def _without_ever(verb: str, predicate: str) -> str:
    """Replace "ever" at the beginning of a predicate by "sometimes", "once" or "one day"."""
    return _EVER.sub(_SOMETIMES[verb], predicate) if verb in _SOMETIMES else predicate


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
