"""The message about a wrong configuration: one line for each mistake, with the key and what to write instead."""

from collections.abc import Iterable
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel

from flows.settings.environment import Variables
from tasks.nearest import nearest

_FORMS: Final = {
    "id": "should have 1 to 64 small letters (a to z), digits, - and _, and begin with a letter or a digit",
    "name": "should have at most 64 letters (a to z, A to Z), digits, ., - and _, and begin with a letter or a digit",
    "language": "should be a code like en or pt-BR",
}
"""The form of the keys whose values must match a pattern, in words."""


def explain_all(
    file: object, problems: Iterable[Any], configuration: type[BaseModel], variables: Variables
) -> str:
    """Write the message about all mistakes. It blames the file only if one of them is in the file.

    Parameters
    ----------
    problems
        The mistakes that pydantic found (``ErrorDetails``, a type of a private package).
    variables
        The environment variables that set keys; a mistake in such a key is reported by the name of its variable.
    """
    lines: list[str] = []
    are_in_file = False
    for problem in problems:
        location = tuple(part for part in problem["loc"] if isinstance(part, str))
        variable = variables.get((location[0], location[1])) if len(location) > 1 else None
        set_too = [name for (section, _), name in variables.items() if location == (section,)]
        are_in_file |= variable is None
        line = explain(problem, configuration) + (f"; also set: {', '.join(set_too)}" if set_too else "")
        lines.append(f"  {variable}: {line}" if variable else f"  {line}")
    place = f"{file}: the configuration" if are_in_file else "the environment"
    return "\n".join([f"{place} has mistakes:", *lines])


def explain(problem: Any, configuration: type[BaseModel]) -> str:  # noqa: ANN401 - ErrorDetails lives in a private package
    """Write one mistake that pydantic found: the key, what is wrong, and the value unless it may be a secret."""
    location = [part for part in problem["loc"] if isinstance(part, str | int)]
    name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")
    if problem["type"] == "extra_forbidden":
        return f"{name}: unknown key; {nearest(str(location[-1]), _keys_at(location[:-1], configuration))}"
    if problem["type"] == "missing":
        return f"{name}: required, but missing"
    form = _FORMS.get(str(location[-1])) if problem["type"] == "string_pattern_mismatch" else None
    found = problem["msg"].removeprefix("Value error, ")
    message = form or _brackets(problem["type"], location, configuration) or found
    given = problem.get("input")
    # An address may contain a secret, and this message goes into logs and the Prefect UI.
    holds_secrets = "webhook" in location or location[:1] == ["second_model"]
    is_short = not isinstance(given, int) or given.bit_length() < 256  # Python does not write any number
    is_shown = isinstance(given, str | int | float) and is_short and not holds_secrets
    shown = f" (it is {given!r})" if is_shown else ""
    return f"{name or 'the file'}: {message}{shown}"


def _brackets(kind: str, location: list[str | int], configuration: type[BaseModel]) -> str:
    """Say how a list, a table or a section is written; empty for a mistake of another kind."""
    section = location[0] if location else ""
    are_entries = _entry_of(configuration, section) is not None
    if kind == "tuple_type":
        if len(location) == 1 and are_entries:
            return f"write [[{section}]], with two brackets, before each of them"
        return 'should be a list, like ["..."]'
    if kind in ("model_type", "dict_type"):
        if len(location) == 1:
            return f"should be a section: write [{section}], with single brackets and only once, and its keys below it"
        if len(location) == 2 and are_entries:
            return f"should be an entry with keys of its own: write [[{section}]] before each of them"
        return 'should be a table, like { "..." = "..." }'
    return ""


def _entry_of(configuration: type[BaseModel], name: str | int) -> Any:  # noqa: ANN401 - annotations have no common type
    """Give the model of the entries of a list such as ``[[sources]]``, or None if it is no such list."""
    field = configuration.model_fields.get(str(name))
    return get_args(field.annotation)[0] if field and get_origin(field.annotation) is tuple else None


def _keys_at(location: list[str | int], configuration: type[BaseModel]) -> list[str]:
    model: Any = configuration
    for part in location:
        if isinstance(part, int):
            continue
        if not (isinstance(model, type) and issubclass(model, BaseModel)) or part not in model.model_fields:
            return []
        model = model.model_fields[part].annotation
        if get_origin(model) is tuple:
            model = get_args(model)[0]
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []
