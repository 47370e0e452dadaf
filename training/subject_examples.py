"""Sentences with the place at which their subject ends, made into the words of a yes-or-no question.

"The ban was lifted last year" shows that the subject of "Was the ban lifted last year?" ends behind "ban". A sentence
is an example if its first auxiliary verb is plainly that of the whole sentence.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from models.question_words import AFTER_HAS, FIRST_VERBS, PARTICIPLE

__all__ = ["Example", "example_of", "in_question", "small_words", "varied"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VERBS = frozenset(FIRST_VERBS.split("|"))
_HAVE, _DO = frozenset(("has", "have", "had")), frozenset(("do", "does", "did"))
_DENIED = {f"{verb}n't": verb for verb in _VERBS} | {
    "can't": "can",
    "cannot": "can",
    "won't": "will",
    "shan't": "shall",
}
_PRONOUNS = frozenset(("i", "we", "they", "he", "she", "you", "it"))
#: A sentence that begins with one of these words does not begin with its subject.
_NO_SUBJECT_FIRST = _words(
    "and but or so yet if when while as since because although though after before in on at for with from by to of now "
    "then today yesterday here perhaps maybe indeed instead moreover however still also what who how why which where "
    "whose not nor thus hence once during under over through among despite without within until unlike like even only "
    "just according given"
)
#: Behind one of these words in front of the verb, a clause begins, to which the verb may belong.
_CLAUSES = _words(
    "whom whose where when if because whether while although though as since unless what how why than but once until "
    "after before so"
)
_RELATIVES = frozenset(("who", "that", "which"))
#: Behind one of these verbs, a clause can begin without a word of its own: "Analysts say the move may help".
_STATES = _words(
    "say says said saying think thinks thought believe believes believed know knows knew argue argues argued hope "
    "hopes hoped feel feels felt suggest suggests suggested told tell tells insist insists insisted warn warns warned "
    "admit admits admitted acknowledge see saw meant means mean"
)
_ADVERBS = _words("actually already also always ever just never now really simply still truly")
#: Between "has" and its participle.
_BETWEEN = _ADVERBS | _words("again certainly even long not often only probably rarely soon")
_UNPLAIN = re.compile(r"[\"“”;:—(\[]")
_MOST_IN_SUBJECT, _MOST_IN_PREDICATE = 14, 22
_MOST_IN_COORDINATION = 6


@dataclass(frozen=True, slots=True)
class Example:
    """The words of a question behind its first verb.

    Attributes
    ----------
    verb
        The first verb, in small letters.
    words
        The words behind it.
    end
        Number of words of the subject.
    """

    verb: str
    words: tuple[str, ...]
    end: int


def example_of(sentence: str, *, is_statement: bool = False) -> Example | None:
    """Make an example of a sentence; None if it is not plain where its subject ends.

    Parameters
    ----------
    sentence
        A sentence with or without its full stop.
    is_statement
        Whether it is a statement to be asked of op-eds. These have few clauses, so more of them are taken.
    """
    if _UNPLAIN.search(sentence):
        return None
    words = sentence.strip().rstrip(".!?").split()
    small = [word.lower().rstrip(",") for word in words]
    verbs = [place for place, word in enumerate(small) if word in _VERBS or word in _DENIED]
    if not verbs or not 0 < verbs[0] < len(words) - 1 or small[0] in _NO_SUBJECT_FIRST:
        return None
    place = verbs[0]
    verb, subject, predicate = _DENIED.get(small[place], small[place]), words[:place], words[place + 1 :]
    is_negative = small[place] in _DENIED or small[place + 1] == "not"
    if small[place + 1] == "not":
        predicate = predicate[1:]
    predicate = predicate[: next((n for n, word in enumerate(predicate, 1) if word.endswith(",")), None)]
    if (
        not predicate
        or len(subject) > _MOST_IN_SUBJECT
        or len(predicate) > _MOST_IN_PREDICATE
        or not _is_whole(subject, small[:place], is_statement=is_statement)
        or (_RELATIVES.intersection(small[:place]) and len(verbs) > 1)
        or (verb in _DO and not is_negative)  # a verb of its own: "They do a good job"
        or (verb in _HAVE and not _begins_with_participle(predicate))
    ):
        return None
    return Example(verb, (*subject, *(word.rstrip(",") for word in predicate)), place)


def _is_whole(subject: list[str], small: list[str], *, is_statement: bool) -> bool:
    """Whether the words before the verb are one subject, as far as can be seen without parsing."""
    commas = sum(word.endswith(",") for word in subject)
    if commas % 2 or (commas and not subject[-1].endswith(",")):
        return False
    if small[0] in _PRONOUNS:
        return len(small) == 1
    if _CLAUSES.intersection(small) or _STATES.intersection(small) or small[-1] in ("and", "or"):
        return False
    relatives = [place for place, word in enumerate(small) if word in _RELATIVES]
    if relatives and (relatives[0] == 0 or relatives[-1] == len(small) - 1):
        return False
    if is_statement:
        return True
    return not (
        _PRONOUNS.intersection(small)
        or "that" in small
        or ("and" in small and len(small) > _MOST_IN_COORDINATION)
    )


def _begins_with_participle(predicate: list[str]) -> bool:
    words = (word.lower().strip("’'") for word in predicate)
    verb = next((word for word in words if word not in _BETWEEN), "")
    return bool(PARTICIPLE.fullmatch(verb) or AFTER_HAS.fullmatch(verb) or verb.endswith("en"))


def small_words(examples: Iterable[Example]) -> frozenset[str]:
    """Return the words that are usual in small letters, as all but names are within a sentence."""
    counts = Counter(word for example in examples for word in example.words[1:])
    return frozenset(
        word for word, count in counts.items() if word.islower() and count >= 2 * counts[word.capitalize()]
    )


def in_question(example: Example, small: frozenset[str]) -> Example:
    """Take the capital from the first word, which is not the first one of a question, if it is no name."""
    first, *rest = example.words
    return replace(example, words=(first.lower() if first.lower() in small else first, *rest))


def varied(examples: Iterable[Example], small: frozenset[str], rng: random.Random) -> Iterator[Example]:
    """Yield examples in the forms of questions.

    Some examples get an adverb or "not" behind the subject, which
    questions have more often than sentences; some with "should" get "ought" and "to"; some are in small letters.
    """
    for example in examples:
        words = list(in_question(example, small).words)
        verb, end = example.verb, example.end
        if verb == "should" and rng.random() < 0.04:
            verb = "ought"
            words.insert(end, "to")
        if rng.random() < 0.1:
            words.insert(end, "not" if rng.random() < 0.15 else rng.choice(sorted(_ADVERBS)))
        if rng.random() < 0.15:
            words = [word.lower() for word in words]
        yield Example(verb, tuple(words), end)
