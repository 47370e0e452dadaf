"""Questions to a second model about an article: in parts if it is long, with one repair, and with the result."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from models import Target
from models.evidence import QUOTED_FROM
from models.interface import Stance
from models.quotes import quoted_share, quoted_spans
from models.sentences import Span
from tasks.asked_article import AskedArticle
from tasks.second_model.answers import Checked, CheckedAnswer, check, joined, without_reasoning
from tasks.second_model.budget import BudgetPlace
from tasks.second_model.client import SecondModel
from tasks.second_model.failures import BadAnswer, NotUnderstood, OverBudget, StopAsking, TooLong, TryAgain
from tasks.second_model.prompt import REPAIR, Part, messages_for, overhead, parts_of, sentences_of
from tasks.second_model.replies import Reply

LEAST_ROOM = 128
"""Tokens of an article for which a part must have room; a model with a smaller context cannot be used."""


@dataclass(frozen=True, slots=True)
class Inquiry(AskedArticle):
    """An article, and the targets about which the second model is to be asked.

    Attributes
    ----------
    why
        The reason: unsure, stated or all, as configured; or random, for comparison.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence that the model named: ``text[start:end]``, and whether most of it is somebody else's words."""

    start: int
    end: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class SecondAnswer:
    """The second model's answer about the stance of an article on a target; see :class:`models.TargetStance`."""

    target: Target
    stance: Stance
    about: bool
    evidence: tuple[Shown, ...]


@dataclass(slots=True)
class SecondReading:
    """The result of asking about one article.

    Attributes
    ----------
    answers
        The usable answers.
    problems
        The reasons why the other answers cannot be used, by id of the target.
    failure
        The reason why there is no answer at all, if the server failed and not the answer, or if it was cut off.
    place
        Its place in the budget of articles.
    model
        The model that answered, as the server reports it; empty if there was no answer.
    tokens_in, tokens_out, requests, seconds
        The tokens, requests and seconds that were needed, as far as the server reported them.
    """

    inquiry: Inquiry
    answers: list[SecondAnswer] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    failure: str = ""
    place: BudgetPlace = field(default_factory=BudgetPlace)
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    requests: int = 0
    seconds: float = 0.0

    def count(self, reply: Reply) -> None:
        """Add a request and its tokens, and note which model answered."""
        self.model = reply.model
        self.tokens_in += reply.tokens_in
        self.tokens_out += reply.tokens_out
        self.requests += 1


@dataclass(frozen=True, slots=True)
class AskedBatch:
    """The result of a micro-batch.

    Attributes
    ----------
    readings
        The results for the articles that were asked about, also for those that were cut off after a first answer.
    stopped
        The reason why the others were not asked about and why this run asks nothing more; empty if all were asked.
    """

    readings: tuple[SecondReading, ...]
    stopped: str = ""


async def ask_batch(inquiries: Sequence[Inquiry], model: SecondModel) -> AskedBatch:
    """Ask about a micro-batch; a server's fault never raises an error here."""
    readings = [SecondReading(inquiry) for inquiry in inquiries]
    ended = await asyncio.gather(*(_reason_to_stop(reading, model) for reading in readings))
    # If the server is down for one article and the budget is used up for another, the first reason is the more useful.
    stops = sorted(
        (reason for reason in ended if reason is not None), key=lambda reason: isinstance(reason, OverBudget)
    )
    kept = tuple(
        reading for reading, reason in zip(readings, ended, strict=True) if reason is None or reading.requests
    )
    return AskedBatch(kept, str(stops[0]) if stops else "")


async def _reason_to_stop(reading: SecondReading, model: SecondModel) -> StopAsking | None:
    """Fill a reading; give the reason if nothing more can be asked in this run, which is then its failure too."""
    try:
        await _fill(reading, model)
    except StopAsking as error:
        reading.failure = f"cut off: {error}"
        return error
    return None


async def ask(inquiry: Inquiry, model: SecondModel) -> SecondReading:
    """Ask about one article.

    Raises
    ------
    StopAsking
        When nothing more can be asked in this run.
    """
    reading = SecondReading(inquiry)
    await _fill(reading, model)
    return reading


async def _fill(reading: SecondReading, model: SecondModel) -> None:
    async with model.turns:
        began = perf_counter()
        try:
            await _answer_or_fail(reading, model)
        finally:
            reading.seconds = perf_counter() - began


async def _answer_or_fail(reading: SecondReading, model: SecondModel) -> None:
    inquiry = reading.inquiry
    sentences = await asyncio.to_thread(sentences_of, inquiry.text, inquiry.language)
    room = model.context - _answer_tokens(model, inquiry.targets) - overhead(inquiry.targets)
    if not sentences:
        reading.failure = "the article has no sentence to show"
        return
    try:
        answers = await _in_parts(reading, sentences, room, model)
    except (TryAgain, NotUnderstood) as error:
        reading.failure = str(error)
    except TooLong:
        reading.failure = "no part of the article fits into the model's context; set context_tokens"
    else:
        spans = await asyncio.to_thread(quoted_spans, inquiry.text, sentences=sentences)
        for number, target in enumerate(inquiry.targets, start=1):
            if number in answers:
                reading.answers.append(_answer(target, answers[number], sentences, spans))


async def _in_parts(
    reading: SecondReading, sentences: Sequence[Span], room: int, model: SecondModel
) -> Mapping[int, CheckedAnswer]:
    """Ask about the whole article; while the server answers that a request is too long, use smaller parts.

    Raises
    ------
    StopAsking, TooLong, TryAgain, NotUnderstood
        As reported by the client.
    """
    inquiry = reading.inquiry
    while room >= LEAST_ROOM:
        parts = parts_of(inquiry.title, inquiry.text, sentences, room)
        whole = list(range(1, len(inquiry.targets) + 1))
        checked: list[Checked] = []
        try:
            for part in parts:
                checked.append(await _part(reading, part, model))
                whole = [number for number in whole if number in checked[-1].answers]
                if not whole:
                    break  # an answer needs all parts, so questions about further ones would be asked in vain
        except TooLong:
            room //= 2
            continue
        for number, target in enumerate(inquiry.targets, start=1):
            if wrong := [part.problems[number] for part in checked if number in part.problems]:
                reading.problems[target.id] = wrong[0]
        return {number: joined([part.answers[number] for part in checked]) for number in whole}
    raise TooLong("not even a small part fits")


async def _part(reading: SecondReading, part: Part, model: SecondModel) -> Checked:
    """Ask about one part, and ask a second time about the statements whose answers cannot be used."""
    targets = reading.inquiry.targets
    messages = messages_for(part, targets)
    tokens = _answer_tokens(model, targets)
    first: Checked | None = None
    for _ in range(2):
        try:
            reply = await model.complete(
                messages, statements=len(targets), answer_tokens=tokens, place=reading.place
            )
        except BadAnswer as error:
            reading.requests += 1
            reading.tokens_in += error.tokens_in
            reading.tokens_out += error.tokens_out
            checked = Checked({}, dict.fromkeys(range(1, len(targets) + 1), str(error)))
            return checked if first is None else first
        reading.count(reply)
        checked = _spread(
            check(reply.content, statements=len(targets), first=part.first, last=part.last), targets
        )
        if first is not None:
            # The usable answers of the first reply stay; the second reply is about the others.
            answers = {**checked.answers, **first.answers}
            return Checked(answers, {n: why for n, why in checked.problems.items() if n not in answers})
        if not checked.problems:
            return checked
        first = checked
        wrong = "; ".join(f"statement {n}: {why}" for n, why in sorted(checked.problems.items())[:10])
        messages = [
            *messages,
            {"role": "assistant", "content": without_reasoning(reply.content)[:4000]},
            {"role": "user", "content": REPAIR.format(problems=wrong)},
        ]
    raise AssertionError("the second answer is the last")  # pragma: no cover


def _answer_tokens(model: SecondModel, targets: Sequence[Target]) -> int:
    """Give the tokens that an answer may have: the configured number, or more if there are many statements."""
    return max(model.settings.answer_tokens, 100 + 40 * len(targets))


def _spread(checked: Checked, targets: Sequence[Target]) -> Checked:
    """Count a problem of the whole answer as a problem of every statement."""
    if 0 not in checked.problems:
        return checked
    return Checked({}, dict.fromkeys(range(1, len(targets) + 1), checked.problems[0]))


def _answer(
    target: Target, answer: CheckedAnswer, sentences: Sequence[Span], quoted: Sequence[Span]
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
