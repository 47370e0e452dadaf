"""Asking a second model about a piece: in parts where it is long, with one repair, and what came of it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from models import Target
from models.evidence import QUOTED_FROM
from models.quotes import quoted_share, quoted_spans
from models.sentences import Span
from models.vocabulary import Stance
from tasks.second.answers import Answer, Checked, check, joined
from tasks.second.client import SecondModel
from tasks.second.failures import BadAnswer, OverBudget, StopAsking, TooLong, TryAgain
from tasks.second.prompt import REPAIR, Part, messages_for, overhead, parts_of, sentences_of
from tasks.second.replies import Reply

LEAST_ROOM = 128
"""Tokens of a piece that a part must have room for; a context that is smaller than that cannot be used."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A piece, and the targets that the second model is to be asked about.

    Attributes
    ----------
    article_id, revision
        Which text.
    title, text, language
        What is sent of it; the language only helps to find its sentences.
    targets
        What is asked.
    why
        unsure, stated or all, as configured; or random, for comparison.
    """

    article_id: str
    revision: int
    title: str | None
    text: str
    language: str | None
    targets: tuple[Target, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence that the model named: ``text[start:end]``, and whether it is mostly somebody else's."""

    start: int
    end: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class SecondAnswer:
    """Where the second model says that a piece stands on a target; see :class:`models.TargetStance`."""

    target: Target
    stance: Stance
    about: bool
    evidence: tuple[Shown, ...]


@dataclass(slots=True)
class SecondReading:
    """What came of asking about one piece.

    Attributes
    ----------
    answers
        Those that can be used.
    problems
        Why the others cannot, by id of the target.
    failure
        Why there is no answer at all, if it is not the fault of the answer but of the server.
    model
        Who answered, as the server says; empty where nobody did.
    tokens_in, tokens_out, requests, seconds
        What it took, as far as the server reported it.
    """

    inquiry: Inquiry
    answers: list[SecondAnswer] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    failure: str = ""
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    requests: int = 0
    seconds: float = 0.0

    def count(self, reply: Reply) -> None:
        """Add what a request has taken."""
        self.model = reply.model
        self.tokens_in += reply.tokens_in
        self.tokens_out += reply.tokens_out
        self.requests += 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a micro-batch.

    Attributes
    ----------
    readings
        Of the pieces that were asked about.
    stopped
        Why others were not, and nothing more is to be asked in this run; empty where all were.
    over_budget
        Whether that is only because the budget is used up.
    """

    readings: tuple[SecondReading, ...]
    stopped: str = ""
    over_budget: bool = False


async def ask_batch(inquiries: Sequence[Inquiry], model: SecondModel) -> Asked:
    """Ask about a micro-batch; nothing that a server does is raised."""
    ended = await asyncio.gather(*(_asked_or_stopped(inquiry, model) for inquiry in inquiries))
    readings = tuple(one for one in ended if isinstance(one, SecondReading))
    # That the server is down says more than that the budget is used up, where one piece met this and one that.
    stops = sorted(
        (one for one in ended if isinstance(one, StopAsking)), key=lambda one: isinstance(one, OverBudget)
    )
    if not stops:
        return Asked(readings)
    return Asked(readings, str(stops[0]), isinstance(stops[0], OverBudget))


async def _asked_or_stopped(inquiry: Inquiry, model: SecondModel) -> SecondReading | StopAsking:
    try:
        return await ask(inquiry, model)
    except StopAsking as error:
        return error


async def ask(inquiry: Inquiry, model: SecondModel) -> SecondReading:
    """Ask about one piece.

    Raises
    ------
    StopAsking
        Nothing more can be asked in this run; of this piece nothing is kept.
    """
    reading, began = SecondReading(inquiry), perf_counter()
    sentences = await asyncio.to_thread(sentences_of, inquiry.text, inquiry.language)
    room = model.context - model.settings.answer_tokens - overhead(inquiry.targets)
    if not sentences:
        reading.failure = "the piece has no sentence to show"
        return reading
    try:
        answers = await _in_parts(reading, sentences, room, model)
    except TryAgain as error:
        reading.failure = str(error)
    except TooLong:
        reading.failure = "no part of the piece fits into the model's context; set context_tokens"
    else:
        spans = await asyncio.to_thread(quoted_spans, inquiry.text, sentences=sentences)
        for number, target in enumerate(inquiry.targets, start=1):
            if number in answers:
                reading.answers.append(_answer(target, answers[number], sentences, spans))
    reading.seconds = perf_counter() - began
    return reading


async def _in_parts(
    reading: SecondReading, sentences: Sequence[Span], room: int, model: SecondModel
) -> Mapping[int, Answer]:
    """Ask about the whole piece, in smaller parts as long as the server says that they are too long.

    Raises
    ------
    StopAsking, TooLong, TryAgain
        As reported by the client.
    """
    inquiry = reading.inquiry
    while room >= LEAST_ROOM:
        parts = parts_of(inquiry.title, inquiry.text, sentences, room)
        try:
            checked = [await _part(reading, part, model) for part in parts]
        except TooLong:
            room //= 2
            continue
        numbers = range(1, len(inquiry.targets) + 1)
        for number in numbers:
            if wrong := [one.problems[number] for one in checked if number in one.problems]:
                reading.problems[inquiry.targets[number - 1].id] = wrong[0]
        whole = [number for number in numbers if all(number in one.answers for one in checked)]
        return {number: joined([one.answers[number] for one in checked]) for number in whole}
    raise TooLong("not even a small part fits")


async def _part(reading: SecondReading, part: Part, model: SecondModel) -> Checked:
    """Ask about one part, and once more about what cannot be used of the answer."""
    targets = reading.inquiry.targets
    messages = messages_for(part, targets)
    tokens = max(model.settings.answer_tokens, 100 + 40 * len(targets))
    first: Checked | None = None
    for _ in range(2):
        pieces = 0 if reading.requests or first else 1
        try:
            reply = await model.complete(
                messages, statements=len(targets), answer_tokens=tokens, pieces=pieces
            )
        except BadAnswer as error:
            reading.requests += 1
            found = Checked({}, dict.fromkeys(range(1, len(targets) + 1), str(error)))
            return found if first is None else first
        reading.count(reply)
        found = _spread(
            check(reply.content, statements=len(targets), first=part.first, last=part.last), targets
        )
        if first is not None:
            # What could be used of the first answer stays; the second is about the rest.
            answers = {**found.answers, **first.answers}
            return Checked(answers, {n: why for n, why in found.problems.items() if n not in answers})
        if not found.problems:
            return found
        first = found
        wrong = "; ".join(f"statement {n}: {why}" for n, why in sorted(found.problems.items())[:10])
        messages = [
            *messages,
            {"role": "assistant", "content": reply.content[:4000]},
            {"role": "user", "content": REPAIR.format(problems=wrong)},
        ]
    raise AssertionError("the second answer is the last")  # pragma: no cover


def _spread(checked: Checked, targets: Sequence[Target]) -> Checked:
    """Let a problem of the whole answer be one of every statement."""
    if 0 not in checked.problems:
        return checked
    return Checked({}, dict.fromkeys(range(1, len(targets) + 1), checked.problems[0]))


def _answer(
    target: Target, answer: Answer, sentences: Sequence[Span], quoted: Sequence[Span]
) -> SecondAnswer:
    stance: Stance
    match answer.stance:
        case "favor" | "against":
            stance = answer.stance
        case "cannot_tell":
            stance = "unsure"
        case _:
            stance = "neutral"
    spans = [sentences[number - 1] for number in answer.sentences]
    shown = tuple(Shown(a, b, quoted_share(a, b, quoted) >= QUOTED_FROM) for a, b in spans)
    return SecondAnswer(target, stance, answer.stance != "not_about", shown)
