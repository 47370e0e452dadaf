"""Build passages whose label follows from how they are built.

Single arguments teach a model that every sentence counts for its author. Op-eds quote opponents, concede
points, report both sides, and mention a subject without taking a side. These passages are put together from
arguments of known stance on the same target, and from sentences of news reports, so their label is known.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from training.corpus import Pair

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]*[A-Z0-9])")

# {0} = the opponents' argument, {1} = the author's. The dev sets have patterns of their own (traps.py).
REBUTTALS = (
    "Critics say {0} They are wrong. {1}",
    "Opponents argue that {0} That is a mistake. {1}",
    'Some will tell you: "{0}" But {1}',
    '"{0}" we often hear. Nothing could be further from the truth: {1}',
    "It is often claimed that {0} In fact, {1}",
    "Many people believe that {0} This is a myth. {1}",
    "The other side insists that {0} Yet {1}",
    "{1} Critics who say that {0} miss the point.",
    "{1} Do not be fooled by those who tell you that {0}",
    "There are those who think {0} I could not disagree more. {1}",
    'A spokesman for the other camp said: "{0}" The evidence says otherwise. {1}',
    "The usual objection is that {0} It does not hold up. {1}",
)
CONCESSIONS = (
    "Granted, {0} But {1}",
    "It is true that {0} Even so, {1}",
    "Yes, {0} Still, {1}",
    "To be sure, {0} However, {1}",
    "Admittedly, {0} Nevertheless, {1}",
    "I understand the worry that {0} But on balance, {1}",
    "While it may be that {0} what matters more is this: {1}",
    "Of course {0} That does not change the main point: {1}",
)
BOTH_SIDES = (
    "Supporters say {0} Opponents counter that {1}",
    "Those in favor argue that {0} Those against say {1}",
    'One witness told the hearing: "{0}" Another said: "{1}"',
    "The question divides people. Some say {0} Others say {1}",
    "On the one hand, {0} On the other hand, {1} The debate goes on.",
    "Advocates claim that {0} Critics reply that {1} A decision is expected next month.",
    "According to one group, {0} According to another, {1}",
)
MENTIONS = (
    "A conference on {0} opened on Monday and will last three days.",
    "The committee will hold a hearing on {0} next week.",
    "Reporters asked the minister about {0}, but he took no further questions.",
    "A new survey asked 1,200 adults what they think about {0}. The results will be published in the autumn.",
    "The book traces the history of {0} from the nineteenth century to the present day.",
    "The report describes how {0} is handled in twelve countries.",
    "Lawmakers spent the afternoon on {0} before turning to the budget.",
    "The term {0} is used in different ways by different authors.",
    "On Tuesday the panel discussed {0} and several other matters.",
    "The court is expected to rule on a case involving {0} later this year.",
    "Whether something should change about {0} is a question that the council will take up in the spring.",
    "She has covered {0} for the newspaper since 2011.",
    "The lecture series begins with an introduction to {0}.",
    "Statistics on {0} are collected every two years by the national office.",
    "In her speech the senator also touched on {0}.",
    "Articles about {0} appeared in three newspapers this week.",
    "Views on {0} differ from country to country, the study found.",
    "The agency has opened a public consultation on {0}; comments are due by the end of June.",
)


def sentences(text: str) -> list[str]:
    """Rough sentence split, good enough for building training passages."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def window(text: str, rng: random.Random) -> str:
    """Cut a window of one to five sentences."""
    parts = sentences(text)
    length = rng.randint(1, 5)
    start = rng.randrange(max(1, len(parts) - length + 1))
    return " ".join(" ".join(parts[start : start + length]).split()[:110])


def stop(text: str) -> str:
    """End a text with a full stop if it has no end mark."""
    text = text.strip()
    return text if text[-1:] in ".!?…\"”'" else text + "."


def capital(text: str) -> str:
    """Start with a capital letter."""
    return text[:1].upper() + text[1:]


def fill(pattern: str, theirs: str, mine: str) -> str:
    """Put two arguments into a pattern; one that stands in mid-sentence loses its full stop."""
    middle = re.search(r"\{0\}[\w ,]", pattern[:-1]) and not re.search(r"\{0\} [A-Z\{\"]", pattern)
    return capital(pattern.format(theirs.strip().rstrip(".!") if middle else stop(theirs), stop(mine)))


def rebuttal(author: Pair, opponent: Pair, rng: random.Random) -> Pair:
    """Build a passage that quotes the other side and answers it. The author's stance holds."""
    return author.having(text=fill(rng.choice(REBUTTALS), opponent.text, author.text), source="rebuttal")


def concession(author: Pair, opponent: Pair, rng: random.Random) -> Pair:
    """Build a passage that grants a point and concludes against it. The author's stance holds."""
    return author.having(text=fill(rng.choice(CONCESSIONS), opponent.text, author.text), source="concession")


def both_sides(one: Pair, other: Pair, rng: random.Random) -> Pair:
    """Build a report of both sides. Neutral, and about the target."""
    first, second = (one, other) if rng.random() < 0.5 else (other, one)
    text = fill(rng.choice(BOTH_SIDES), first.text, second.text)
    return one.having(text=text, stance=2, about=1.0, source="both_sides", weight=1.0)


def several(arguments: Sequence[Pair]) -> Pair:
    """Join arguments of one stance on one target into a longer passage."""
    text = " ".join(capital(stop(argument.text)) for argument in arguments)
    weight = sum(argument.weight for argument in arguments) / len(arguments)
    return arguments[0].having(text=text, source="several", weight=weight)


def surrounded(pair: Pair, filler: Sequence[str], rng: random.Random) -> Pair:
    """Put sentences of something else before or after an argument: the stance holds."""
    own = capital(stop(pair.text))
    before = [sentence for sentence in filler if rng.random() < 0.5]
    after = [sentence for sentence in filler if sentence not in before]
    return pair.having(text=" ".join([*before, own, *after]), source="surrounded")


def mention(target: str, subject: str, rng: random.Random) -> Pair:
    """Build a sentence that names a subject and takes no side. Neutral, and about the target."""
    text = capital(rng.choice(MENTIONS).format(subject))
    return Pair(target=target, text=text, stance=2, about=1.0, source="mention_built")
