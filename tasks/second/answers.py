"""What comes back: checked against what was asked, so that nothing but answers to it can get in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

AnsweredStance = Literal["favor", "against", "no_side", "not_about", "cannot_tell"]

MAX_SHOWN: Final = 3


class _One(BaseModel):
    model_config = ConfigDict(strict=True)

    statement: int
    sentences: list[int]
    stance: AnsweredStance


class _All(BaseModel):
    model_config = ConfigDict(strict=True)

    answers: list[_One]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to one statement: a stance, and the numbers of the sentences that show it."""

    stance: AnsweredStance
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer as far as it can be used.

    Attributes
    ----------
    answers
        By number of the statement, from 1.
    problems
        What is wrong with the rest, by number of the statement; number 0 is for the answer as a whole.
    """

    answers: Mapping[int, Answer]
    problems: Mapping[int, str]


def check(content: str, *, statements: int, first: int, last: int) -> Checked:
    """Check what a model wrote.

    Parameters
    ----------
    statements
        How many were asked; they are numbered from 1.
    first, last
        Numbers of the first and last sentence that were sent.
    """
    try:
        read = _All.model_validate_json(_json_in(content))
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        return Checked(
            {}, {0: f"it is not the JSON that was asked for ({where or 'whole'}: {problem['type']})"}
        )
    answers: dict[int, Answer] = {}
    problems: dict[int, str] = {}
    for one in read.answers:
        number = one.statement
        if not 1 <= number <= statements:
            continue  # nobody asked
        if number in answers or number in problems:
            answers.pop(number, None)
            problems[number] = "two answers to one statement"
        elif problem_of := _problem(one, first, last):
            problems[number] = problem_of
        else:
            sentences = () if one.stance == "not_about" else tuple(dict.fromkeys(one.sentences))[:MAX_SHOWN]
            answers[number] = Answer(one.stance, sentences)
    for number in range(1, statements + 1):
        if number not in answers and number not in problems:
            problems[number] = "no answer"
    return Checked(answers, problems)


def _problem(one: _One, first: int, last: int) -> str | None:
    if wrong := [number for number in one.sentences if not first <= number <= last]:
        return f"there is no sentence {wrong[0]}; they go from {first} to {last}"
    if one.stance in ("favor", "against") and not one.sentences:
        return f"{one.stance} without a sentence that shows it"
    return None


def joined(parts: Sequence[Answer]) -> Answer:
    """Make one answer of those to the parts of a long piece.

    A side that some parts show and none denies is the answer; where parts show both, it cannot be decided.
    """
    sides = {part.stance for part in parts if part.stance in ("favor", "against")}
    stance: AnsweredStance
    if len(sides) > 1:
        stance, shown = "cannot_tell", [p for p in parts if p.stance in sides]
    else:
        order: tuple[AnsweredStance, ...] = ("favor", "against", "cannot_tell", "no_side", "not_about")
        stance = next(one for one in order if any(part.stance == one for part in parts))
        shown = [part for part in parts if part.stance == stance]
    sentences = dict.fromkeys(number for part in shown for number in part.sentences)
    return Answer(stance, tuple(sentences)[:MAX_SHOWN])


def _json_in(content: str) -> str:
    """Take away what models put around JSON: their thoughts before it, and the fence of a code block."""
    content = content.strip()
    if content.startswith("<think>"):
        content = content.partition("</think>")[2].strip()
    if content.startswith("```") and content.endswith("```"):
        content = content.removeprefix("```").removeprefix("json").removesuffix("```").strip()
    return content
