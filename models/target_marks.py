"""What is around a target and no part of it: the mark of a list, quotation marks, a dash, "yes or no?"."""

from __future__ import annotations

import re

from models.question_words import FIRST_VERBS
from models.titles import is_title

_QUESTION_WORDS = "how|what|when|where|which|who|whom|whose|why"
_BEGINS_QUESTION = rf"(?i:(?:{FIRST_VERBS}|ca|wo|sha|{_QUESTION_WORDS})(?:n['’]t)?\b)"
#: What a list, a transcript or an earlier sentence puts before a question: "1. Should", "- Should", "Q: Should", "And
#: should", "So should".
_MARKERS = re.compile(
    r"^(?:(?:\(?\d{1,2}[.)]|[-–—*•]|(?i:Q(?:uestion)?) ?\d{0,2}[:.]|(?i:(?:and|but),?|so)) ){1,3}"
    rf"(?={_BEGINS_QUESTION}[^?]*\?[?!\"”’']*$)"
)
#: What surveys, debates and lists put before a statement: "Claim: Taxes are too high", "True or false: taxes are
#: too high?", "This house believes that taxes are too high".
_LABELS = re.compile(
    r"^(?:(?:claim|statement|target)(?: ?#?\d{1,3})? ?[:.]|(?:hypothesis|motion|proposition|resolution|thesis) ?:"
    r"|resolved[:,]? that\b|resolved[:,]|(?:agree or disagree|for or against|true or false|yes or no) ?[:?.]"
    r"|this house (?:believes|holds|thinks) that\b) ?(?=[\"“‘']?\w\S* \S)",
    re.IGNORECASE,
)
#: "Brexit – was it a mistake?". A statement before the dash, as in "It is fair – is it right?", is no name.
_NO_VERB = rf"(?!(?i:{FIRST_VERBS})\b)[^\s?:,;—–]+"
_NAME_AND_DASH = re.compile(
    rf"^(?!{_BEGINS_QUESTION})(?P<name>{_NO_VERB}(?: {_NO_VERB}){{0,5}}?)(?: [–-] | ?— ?)"
    rf"(?=(?i:{FIRST_VERBS}) \S+ .*\?$)"
)
#: "Should zoos be closed, yes or no?", "Should zoos be closed? (yes/no)", "Should zoos be closed? Why or why not?".
_ANSWERS = re.compile(
    rf"^(?=(?i:{FIRST_VERBS}|do you)\b)([^?]*[^?\s,–—-])(?: ?(?:\?|,| [–-]| ?—)+ ?(?:yes or no|yes/no)"
    r"|\?* ?[(\[](?:yes or no|yes/no|y/n)[)\]]|\?+ why(?: or)?(?: why)?(?: not)?)[?!. ]*$",
    re.IGNORECASE,
)
#: "Should zoos be closed or not?", but not "Should parents be free to vaccinate or not?".
_OR_NOT = re.compile(
    rf"^(?!.*\b(?:choice|choose|free|if|whether|to (?-i:[a-z]))\b)((?:{FIRST_VERBS}) .+?),? or not\b(?=[?!. ]*$)",
    re.IGNORECASE,
)
_CLOSING = {'"': '"', "“": "”", "„": "“", "'": "'", "‘": "’", "«": "»"}
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
#: "“Fake news”" and other short phrases in quotation marks are names.
_FEWEST_WORDS = 4


def without_marker(text: str) -> str:
    """Take the mark of a list, or "and", "but" or "so", from the beginning of a question.

    From the beginning of any text the word is taken that says what follows: "Claim:", "True or false:".
    """
    text = _without(_LABELS, _without(_LABELS, text))  # "Motion: This house believes that ..."
    return _without(_MARKERS, text)


def _without(beginning: re.Pattern[str], text: str) -> str:
    found = beginning.match(text)
    return text[found.end()].upper() + text[found.end() + 1 :] if found else text


def without_answers(text: str) -> str:
    """Take the answers that a question may have, or a request for reasons, from its end: "yes or no?", "or not?"."""
    return _OR_NOT.sub(r"\1", _ANSWERS.sub(r"\1?", text))


def with_colon(text: str) -> str:
    """Write a colon for the dash between a name and a question: "Brexit – was it a mistake?"."""
    named = _NAME_AND_DASH.match(text)
    return f"{named['name']}: {text[named.end() :]}" if named else text


def without_quotation_marks(text: str) -> str:
    """Take the quotation marks from a text that is a whole statement between one pair of them.

    Other marks of the same kind may not be inside: '"Woke" means "awake"' has two quotations. Titles and slogans keep
    theirs: '"Make America Great Again"' is a name and claims nothing.
    """
    opening, closing, inside = text[:1], _CLOSING.get(text[:1]), text[1:-1].strip()
    if closing is None or text[-1] != closing or len(inside.split()) < _FEWEST_WORDS or is_title(inside):
        return text
    words = _APOSTROPHE.sub("", inside)
    return text if opening in words or closing in words else inside
