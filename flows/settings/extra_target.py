"""Targets that a command or a request states; each is checked as a target of the configuration is."""

from collections.abc import Container, Sequence
from typing import Any, Final

from pydantic import ValidationError

from commentariat import InputError
from flows.settings.sections import TargetSettings
from models import Target
from tasks.targets.target_ids import target_id_of

_LIMITS: Final = {"string_too_short": "at least {min_length}", "string_too_long": "at most {max_length}"}
_MOST_SHOWN: Final = 60
"""Largest number of characters of a wording that a message shows."""


def extra_target(
    statement: str,
    *,
    also: Sequence[str] = (),
    denied: Sequence[str] = (),
    aliases: Sequence[str] = (),
    taken: Container[str] = (),
) -> Target:
    """Make a target of a statement that is not configured; its id is made of its words.

    Parameters
    ----------
    also, denied
        Further wordings, and wordings that say the opposite.
    aliases
        Other names of the subject.
    taken
        The ids that other targets have.

    Raises
    ------
    InputError
        When a wording is too short or too long, or occurs more than once.
    """
    try:
        settings = TargetSettings(
            id=target_id_of(statement, taken),
            statement=statement,
            statements=tuple(also),
            denied=tuple(denied),
            aliases=tuple(aliases),
        )
    except ValidationError as error:
        raise InputError(_explained(error.errors()[0])) from error
    return settings.as_target()


def _explained(problem: Any) -> str:  # noqa: ANN401 - ErrorDetails lives in a private package
    """Write a mistake that pydantic found, with the text in which it is."""
    if problem["type"] not in _LIMITS:
        return str(problem["msg"]).removeprefix("Value error, ")
    what = (
        "the statement of a target" if problem["loc"] == ("statement",) else "a further wording of a target"
    )
    limit = _LIMITS[problem["type"]].format(**problem["ctx"])
    given = str(problem["input"]).strip()
    shown = given if len(given) <= _MOST_SHOWN else f"{given[:_MOST_SHOWN]}..."
    return f"{what} should have {limit} characters; this one has {len(given)}: {shown!r}"
