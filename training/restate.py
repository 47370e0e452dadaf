"""Say a target in another form, and know what that does to the label.

A user may write a motion ("We should ban whaling"), a statement ("Whaling should be banned"), a question
("Should whaling be banned?"), an endorsement ("The government is right to ban whaling") or a noun phrase
("whaling"). Training pairs come mostly in one form each, so a model learns the form of the data set. Each
function here returns ``(new target, flipped)``, or None where the pattern does not hold for certain: nothing
is guessed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

Restated = tuple[str, bool]

#: Verbs of motions that are against their object: favouring "We should ban X" is opposing X.
OPPOSING = frozenset({
    "ban", "abolish", "end", "prohibit", "abandon", "stop", "fight", "oppose", "cancel",
    "criminalize", "criminalise", "outlaw", "repeal", "forbid", "scrap", "eliminate", "reject",
    "boycott", "dismantle",
})  # fmt: skip
#: Verbs of motions that are for their object.
SUPPORTING = frozenset({
    "adopt", "legalize", "legalise", "subsidize", "subsidise", "introduce", "support", "encourage",
    "promote", "allow", "implement", "protect", "establish", "expand", "permit", "welcome",
    "embrace",
})  # fmt: skip
_PARTICIPLES = {
    "ban": "banned", "abolish": "abolished", "end": "ended", "prohibit": "prohibited", "abandon": "abandoned",
    "stop": "stopped", "cancel": "cancelled", "criminalize": "criminalized", "criminalise": "criminalised",
    "outlaw": "outlawed", "repeal": "repealed", "forbid": "forbidden", "scrap": "scrapped", "limit": "limited",
    "eliminate": "eliminated", "reject": "rejected", "adopt": "adopted", "legalize": "legalized",
    "legalise": "legalised", "subsidize": "subsidized", "subsidise": "subsidised", "introduce": "introduced",
    "support": "supported", "encourage": "encouraged", "promote": "promoted", "allow": "allowed",
    "implement": "implemented", "protect": "protected", "permit": "permitted", "oppose": "opposed",
}  # fmt: skip
_BASE_VERBS = {participle: verb for verb, participle in _PARTICIPLES.items()}

_MOTION = re.compile(r"^(?:we|the government|governments) (?:should|must) (\w+) (.+?)\.?$", re.IGNORECASE)
_SHOULD = re.compile(r"^(.+?) (should|must|ought to) (not )?(.+?)\.?$", re.IGNORECASE)
_PASSIVE = re.compile(r"^(.+?) (?:should|must) be (\w+)\.?$", re.IGNORECASE)
_QUESTION = re.compile(
    r"^should (.+?) (be|have|receive|get|pay|require|use|allow|continue|go) (.+?)\?$", re.IGNORECASE
)
_COPULA = re.compile(
    r"^((?:[\w'’-]+ ){1,6}?)(is|are|was|were|can|cannot|can not|will|has|have|does not|do not|doesn't|don't) "
    r"(not |n't )?(.+?)\.?$",
    re.IGNORECASE,
)
_HARM = re.compile(r"\bmore (harm than good|good than harm)\b")
_VERBS = re.compile(
    r"\b(needs?|hurts?|helps?|works?|causes?|protect|abolish|create|fund|make|ban|end|stop)\b", re.I
)
#: "has been" can be denied by "not", "has a right" cannot.
_AFTER_AUXILIARY = ("been ", "become ", "gone ", "made ", "had ", "done ")
_LEADING = frozenset({
    "the", "a", "an", "we", "all", "any", "every", "no", "our", "their", "people", "it", "this",
    "that",
})  # fmt: skip
_CLAUSE = re.compile(
    r"\b(that|which|who|because|if|when|unless|but|not|no|never|nor|neither|only)\b", re.IGNORECASE
)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower_article(text: str) -> str:
    """Lower-case a leading function word, so that a statement can follow other words."""
    head, space, rest = text.partition(" ")
    return f"{head.lower()}{space}{rest}" if head.lower() in _LEADING else text


def negate(target: str) -> Restated | None:  # noqa: PLR0911  (a list of patterns, first match answers)
    """Negate a statement where its grammar makes that safe; the label flips.

    Handles "... should ...", "is/are/was/were/can/will ...", existing negations ("should not", "cannot",
    "does not") and "more harm than good". Statements with a subordinate clause or another negation are left
    alone.
    """
    if target.endswith("?") or len(target.split()) < 3:
        return None
    if match := _HARM.search(target):
        other = "good than harm" if match[1].startswith("harm") else "harm than good"
        return target[: match.start()] + f"more {other}" + target[match.end() :], True
    if match := _SHOULD.match(target):
        subject, modal, no, rest = match.groups()
        if _CLAUSE.search(subject) or _CLAUSE.search(rest):
            return None
        if modal.lower() == "ought to":
            return (f"{subject} ought to {rest}" if no else f"{subject} ought not to {rest}"), True
        return (f"{subject} {modal} {rest}" if no else f"{subject} {modal} not {rest}"), True
    if match := _COPULA.match(target):
        subject, verb, no, rest = match.groups()
        subject = subject.strip()
        if _CLAUSE.search(subject) or _CLAUSE.search(rest) or rest.lower().startswith(("to ", "n't")):
            return None
        low = verb.lower()
        if low in {"cannot", "can not"}:
            return f"{subject} can {rest}", True
        if low in {"do not", "don't"}:
            return f"{subject} {rest}", True
        if low in {"does not", "doesn't"}:
            return None  # would need the verb's third-person form
        if low in {"has", "have"} and not rest.lower().startswith(_AFTER_AUXILIARY):
            return None
        negated = "cannot" if low == "can" and not no else f"{verb} not"
        return (f"{subject} {verb} {rest}" if no else f"{subject} {negated} {rest}"), True
    return None


def as_passive(target: str) -> Restated | None:
    """``We should ban X`` -> ``X should be banned``."""
    match = _MOTION.match(target)
    if match and match[1].lower() in _PARTICIPLES and not _CLAUSE.search(match[2]):
        return f"{_first_upper(match[2])} should be {_PARTICIPLES[match[1].lower()]}", False
    return None


def as_noun_phrase(target: str) -> Restated | None:
    """``We should ban X`` -> ``X`` (flipped), ``X should be legalized`` -> ``X``."""
    if match := _MOTION.match(target):
        verb, thing = match[1].lower(), match[2]
    elif match := _PASSIVE.match(target):
        verb, thing = _BASE_VERBS.get(match[2].lower(), ""), match[1]
    else:
        return None
    if _CLAUSE.search(thing) or len(thing.split()) > 8:
        return None
    thing = re.sub(r"^(the use of|the development of) ", "", thing, flags=re.IGNORECASE)
    if verb in OPPOSING:
        return thing, True
    if verb in SUPPORTING:
        return thing, False
    return None


def as_policy_noun(target: str) -> Restated | None:
    """``We should ban X`` -> ``banning X`` / ``a ban on X`` (kept)."""
    match = _MOTION.match(target)
    if not match or _CLAUSE.search(match[2]):
        return None
    verb, thing = match[1].lower(), match[2]
    if verb not in OPPOSING | SUPPORTING | {"limit"}:
        return None
    if verb == "ban" and not thing.lower().startswith("the use of"):
        return f"a ban on {thing}", False
    return f"{_gerund(verb)} {thing}", False


def _gerund(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    if verb in {"ban", "stop", "permit", "forbid", "scrap"}:
        return verb + verb[-1] + "ing"
    return verb + "ing"


def as_question(target: str) -> Restated | None:
    """``X should be banned`` -> ``Should X be banned?``; a negated statement becomes the plain question, flipped."""
    match = _SHOULD.match(target)
    if not match or match[2].lower() == "ought to" or _CLAUSE.search(match[1]):
        return None
    subject, _, no, rest = match.groups()
    return f"Should {_lower_article(subject)} {rest}?", bool(no)


def as_statement(target: str) -> Restated | None:
    """Turn ``Should X be banned?`` into ``X should be banned``, where the verb is plain to see."""
    match = _QUESTION.match(target)
    if not match or _CLAUSE.search(match[1]):
        return None
    return f"{_first_upper(match[1])} should {match[2]} {match[3]}", False


def as_verdict(target: str, rng: random.Random) -> Restated | None:
    """``We should X`` -> ``It is right to X`` (kept) or ``It would be a mistake to X`` (flipped)."""
    match = _SHOULD.match(target)
    if not match or match[3] or _CLAUSE.search(match[1]) or match[2].lower() == "ought to":
        return None
    subject, _, _, rest = match.groups()
    if subject.lower() in {"we", "the government", "governments"}:
        kept = (
            "It is right to",
            "The government is right to",
            "The country would do well to",
            "It is time to",
        )
        turned = (
            "It would be a mistake to",
            "It is wrong to",
            "The government is wrong to",
            "There is no need to",
        )
        flipped = rng.random() < 0.5
        return f"{rng.choice(turned if flipped else kept)} {rest}", flipped
    if rest.lower().startswith("be ") or len(subject.split()) > 6:
        return None
    plural = subject.split()[-1].lower().endswith("s") and not subject.lower().endswith(
        ("us", "states", "ss")
    )
    be = "are" if plural else "is"
    flipped = rng.random() < 0.5
    return f"{_first_upper(subject)} {be} {'wrong' if flipped else 'right'} to {rest}", flipped


def as_claim_about(target: str, rng: random.Random) -> Restated | None:
    """Wrap a statement: ``It is true that X`` (kept), ``It is not the case that X`` (flipped)."""
    if target.endswith("?") or not re.search(r"\b(should|must|is|are|can|cannot|will|has|have)\b", target):
        return None
    kept = ("It is true that", "I believe that", "I agree that", "One should accept that")
    turned = ("It is not true that", "It is wrong to say that", "I do not believe that", "I disagree that")
    flipped = rng.random() < 0.5
    return f"{rng.choice(turned if flipped else kept)} {_lower_article(target.rstrip('.'))}", flipped


def restate(target: str, rng: random.Random) -> Restated:
    """Pick one applicable restatement at random; the target itself, not flipped, if none applies."""
    ways: Sequence[tuple[float, Callable[[], Restated | None]]] = (
        (4.0, lambda: negate(target)),
        (2.0, lambda: as_passive(target)),
        (2.0, lambda: as_noun_phrase(target)),
        (1.5, lambda: as_policy_noun(target)),
        (1.5, lambda: as_question(target)),
        (1.5, lambda: as_statement(target)),
        (1.5, lambda: as_verdict(target, rng)),
        (0.7, lambda: as_claim_about(target, rng)),
    )
    options = [(weight, said) for weight, way in ways if (said := way()) is not None]
    if not options:
        return target, False
    said = rng.choices([said for _, said in options], [weight for weight, _ in options])[0]
    if rng.random() < 0.2 and not said[0].endswith("?"):
        again = negate(said[0])
        if again is not None:
            return again[0], not said[1]
    return said


def subject_of(target: str) -> str | None:
    """Find the noun phrase a target is about, for texts that only mention it; None where it is not plain."""
    if (said := as_noun_phrase(target)) is not None:
        return said[0]
    if match := _MOTION.match(target):
        thing = match[2]
    elif (match := _SHOULD.match(target)) or (match := _QUESTION.match(target)):
        thing = match[1]
    elif match := _COPULA.match(target):
        thing = match[1].strip()
    elif len(target.split()) <= 3 and not target.endswith("?") and not _VERBS.search(target):
        thing = target
    else:
        return None
    if (
        _CLAUSE.search(thing)
        or not 0 < len(thing.split()) <= 6
        or thing.lower() in {"we", "it", "there", "this"}
    ):
        return None
    return _lower_article(thing)
