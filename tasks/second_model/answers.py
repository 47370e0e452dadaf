"""The second model's answers, checked against the questions, so that only answers to these questions are stored."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

AnsweredStance = Literal["favor", "against", "no_side", "not_about", "cannot_tell"]

MAX_EVIDENCE: Final = 3
"""Number of sentences that are asked for, and kept, as evidence of an answer."""
_END_OF_REASONING: Final = "</think>"
_FENCE: Final = "```"
_LANGUAGE: Final = re.compile(r"\Ajson\b", re.IGNORECASE)


class _One(BaseModel):
    model_config = ConfigDict(strict=True)

    statement: int
    sentences: list[int]
    stance: AnsweredStance


class _All(BaseModel):
    model_config = ConfigDict(strict=True)

    answers: list[_One]


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """The answer to one statement: a stance, and the numbers of the sentences that show it."""

    stance: AnsweredStance
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """The usable part of an answer.

    Attributes
    ----------
    answers
        The answers by number of the statement, from 1.
    problems
        What is wrong with the other answers, by number of the statement; number 0 stands for the answer as a whole.
    """

    answers: Mapping[int, CheckedAnswer]
    problems: Mapping[int, str]


def check(content: str, *, statements: int, first: int, last: int) -> Checked:
    """Check the text that a model wrote.

    Parameters
    ----------
    statements
        Number of statements that were asked; they are numbered from 1.
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
    answers: dict[int, CheckedAnswer] = {}
    problems: dict[int, str] = {}
    for answer in read.answers:
        number = answer.statement
        if not 1 <= number <= statements:
            continue  # a statement that was not asked
        if number in answers or number in problems:
            answers.pop(number, None)
            problems[number] = "two answers to one statement"
        elif problem_of := _problem(answer, first, last):
            problems[number] = problem_of
        else:
            sentences = (
                () if answer.stance == "not_about" else tuple(dict.fromkeys(answer.sentences))[:MAX_EVIDENCE]
            )
            answers[number] = CheckedAnswer(answer.stance, sentences)
    for number in range(1, statements + 1):
        if number not in answers and number not in problems:
            problems[number] = "no answer"
    return Checked(answers, problems)


def _problem(answer: _One, first: int, last: int) -> str | None:
    if wrong := [number for number in answer.sentences if not first <= number <= last]:
        return f"there is no sentence {wrong[0]}; they go from {first} to {last}"
    if answer.stance in ("favor", "against") and not answer.sentences:
        return f"{answer.stance} without a sentence that shows it"
    return None


def joined(parts: Sequence[CheckedAnswer]) -> CheckedAnswer:
    """Join the answers to the parts of a long article into one answer.

    If some parts show one side and no part shows the other, that side is the answer; if parts show both, no side can be
    decided.
    """
    sides = {part.stance for part in parts if part.stance in ("favor", "against")}
    stance: AnsweredStance
    if len(sides) > 1:
        stance, shown = "cannot_tell", [p for p in parts if p.stance in sides]
    else:
        order: tuple[AnsweredStance, ...] = ("favor", "against", "cannot_tell", "no_side", "not_about")
        stance = next(candidate for candidate in order if any(part.stance == candidate for part in parts))
        shown = [part for part in parts if part.stance == stance]
    sentences = dict.fromkeys(number for part in shown for number in part.sentences)
    return CheckedAnswer(stance, tuple(sentences)[:MAX_EVIDENCE])


def without_reasoning(content: str) -> str:
    """Remove a model's reasoning before its answer.

    Many chat templates write the opening ``<think>`` themselves, so that the reply has only the closing tag. If no
    answer follows the tag, nothing is removed, because the tag may also be part of a text inside the JSON.
    """
    answer = content.rpartition(_END_OF_REASONING)[2].strip()
    return answer if answer.startswith(("{", "```")) else content.strip()


def _json_in(content: str) -> str:
    """Remove the text that models put around JSON: their reasoning before it, and the fence of a code block.

    Without a schema, models also write a sentence before the block or behind it. Of several blocks, none is taken:
    one of them may be an example, or a part of the article.
    """
    content = without_reasoning(content)
    _, _, rest = content.partition(_FENCE)
    block, end, behind = rest.partition(_FENCE)
    if content.startswith("{") or not end or _FENCE in behind:
        return content
    return _LANGUAGE.sub("", block).strip()
