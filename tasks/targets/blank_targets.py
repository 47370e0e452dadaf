"""Targets that a command or a request states must have words."""

from collections.abc import Iterable

from commentariat import InputError


def refuse_blank(statements: Iterable[str]) -> None:
    """Check that there is something in every statement.

    Raises
    ------
    InputError
        When a statement is empty or has only white space.
    """
    if not all(statement.strip() for statement in statements):
        raise InputError("a target is blank: give a statement to be for or against, or leave the target out")
